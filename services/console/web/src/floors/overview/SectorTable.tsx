import type { components, paths } from "../../api/generated/classification";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useWords } from "../../i18n/words";
import { risky } from "./figures";
import { MixBar } from "./MixBar";
import { RateBar } from "./RateBar";
import { useOverviewText } from "./text";

export type Sector = components["schemas"]["SectorStatistics"];
/** One of the five sectors that the article names. */
export type SectorCode = paths["/v1/statistics/sectors/{sector}"]["get"]["parameters"]["path"]["sector"];

interface Props {
  sectors: Sector[];
  chosen: string | undefined;
  choose: (sector: string) => void;
}

/** The sectors side by side; one is chosen by its name. */
export function SectorTable({ sectors, chosen, choose }: Props) {
  const text = useOverviewText();
  const words = useWords();
  return (
    <div className="scroll">
      <table className="figures sector-table">
        <thead>
          <tr>
            <th scope="col">{words.sector}</th>
            <th scope="col" className="number">
              {text.members}
            </th>
            <th scope="col">{text.sector_mix}</th>
            <th scope="col" className="number">
              {text.risky}
            </th>
            <th scope="col">{text.discovery}</th>
          </tr>
        </thead>
        <tbody>
          {sectors.map((sector) => (
            <Row
              key={sector.sector}
              sector={sector}
              isChosen={sector.sector === chosen}
              choose={() => choose(sector.sector)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ sector, isChosen, choose }: { sector: Sector; isChosen: boolean; choose: () => void }) {
  const formats = useFormats();
  const named = useNamed();
  const { total } = sector;
  return (
    <tr className={isChosen ? "chosen" : undefined}>
      <th scope="row">
        <button type="button" className="plain" aria-pressed={isChosen} onClick={choose}>
          {named(sector)}
        </button>
      </th>
      <td className="number">{formats.count(total.entities)}</td>
      <td>
        <MixBar shares={total.shares} />
      </td>
      <td className="number">{formats.share(risky(total))}</td>
      <td>
        <RateBar rate={total.discovery} />
      </td>
    </tr>
  );
}
