import { Typography } from "antd";
import { classification } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useWords } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { Loaded } from "../../kit/Loaded";
import { CLASSES, risky } from "./figures";
import { MixBar } from "./MixBar";
import { RateBar } from "./RateBar";
import { SectorSignals } from "./SectorSignals";
import type { Sector, SectorCode } from "./SectorTable";
import { useOverviewText } from "./text";
import { useArea } from "./useArea";

/** The four analyses of one sector: class mix, areas with their discovery rates, risk matters, signals. */
export function SectorDetail({ sector }: { sector: Sector }) {
  const named = useNamed();
  return (
    <div className="sector-detail">
      <div>
        <Typography.Title level={3}>{named(sector)}</Typography.Title>
        <ClassMixes sector={sector} />
      </div>
      <SectorAreas sector={sector.sector as SectorCode} />
      <Matters sector={sector} />
      <SectorSignals sector={sector.sector as SectorCode} />
    </div>
  );
}

/** Members by their class in the sector and by their general class. */
function ClassMixes({ sector }: { sector: Sector }) {
  const text = useOverviewText();
  const words = useWords();
  const formats = useFormats();
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{words.class}</th>
          <th scope="col" className="number">
            {text.sector_mix}
          </th>
          <th scope="col" className="number">
            {text.general_mix}
          </th>
        </tr>
      </thead>
      <tbody>
        {CLASSES.map((letter) => (
          <tr key={letter}>
            <th scope="row">
              <ClassTag value={letter} />
            </th>
            <td className="number">{formats.count(sector.total.counts[letter] ?? 0)}</td>
            <td className="number">{formats.count(sector.total.general[letter] ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Where the members are, and what inspections found there. */
function SectorAreas({ sector }: { sector: SectorCode }) {
  const text = useOverviewText();
  const words = useWords();
  const formats = useFormats();
  const areaName = useNames("areas");
  const { asked } = useArea();
  const reading = classification.useQuery("get", "/v1/statistics/sectors/{sector}", {
    params: { path: { sector }, query: { by: "area" } },
  });
  return (
    <div className="sector-areas">
      <Typography.Title level={3}>{text.by_area}</Typography.Title>
      <Loaded reading={reading} isEmpty={({ groups }) => groups.length === 0}>
        {({ groups }) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
          <div className="scroll tall" tabIndex={0}>
            <table className="figures">
              <thead>
                <tr>
                  <th scope="col">{words.area}</th>
                  <th scope="col" className="number">
                    {text.members}
                  </th>
                  <th scope="col">{words.class}</th>
                  <th scope="col" className="number">
                    {text.risky}
                  </th>
                  <th scope="col">{text.discovery}</th>
                </tr>
              </thead>
              <tbody>
                {groups.map(({ group, entities, counts, shares, discovery }) => (
                  <tr key={group} className={group === asked ? "chosen" : undefined}>
                    <th scope="row">{areaName(group)}</th>
                    <td className="number">{formats.count(entities)}</td>
                    <td>
                      <MixBar shares={shares} />
                    </td>
                    <td className="number">{formats.share(risky({ entities, counts }))}</td>
                    <td>
                      <RateBar rate={discovery} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </div>
  );
}

/** What gives members of C and D their points. */
function Matters({ sector }: { sector: Sector }) {
  const text = useOverviewText();
  const formats = useFormats();
  const named = useNamed();
  const matters = sector.sector_matters.length > 0 ? sector.sector_matters : sector.matters;
  return (
    <div>
      <Typography.Title level={3}>{text.matters}</Typography.Title>
      <p className="quiet note">{text.matters_hint}</p>
      {matters.length === 0 && <p>{text.no_matters}</p>}
      <ol className="matters">
        {matters.map((matter) => (
          <li key={matter.indicator}>
            <span>{named(matter)}</span>
            <span className="number quiet">
              {text.entities(formats.count(matter.entities))} ·{" "}
              {text.points_of(formats.points(matter.points))}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
