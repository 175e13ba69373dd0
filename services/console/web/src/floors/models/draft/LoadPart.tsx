import { useFormats } from "../../../i18n/format";
import { Chart } from "../../../kit/Chart";
import { Source } from "../definition/Source";
import { Section } from "../definition/WholeModel";
import type { Answer } from "./useWhatIf";
import { loadOption, signed } from "./whatIfCharts";
import { useWhatIfText } from "./whatIfText";

/** Visits a year that the draft would bring, by lot, under the shares that are named. */
export function LoadPart({ load }: { load: NonNullable<Answer["load"]> }) {
  const text = useWhatIfText();
  const format = useFormats();
  const lot = (code: string) =>
    code.length === 1 ? text.lot_class(code) : text[code as "uniform" | "observed" | "key"];
  const rows = Object.keys(load.now).map((code) => [
    lot(code),
    format.share(load.ratios[code]?.share),
    format.points(load.now[code]),
    format.points(load.then[code]),
    signed(Math.round(((load.then[code] ?? 0) - (load.now[code] ?? 0)) * 10) / 10, format.points),
  ]);
  const source = Object.values(load.ratios)[0];
  return (
    <Section title={text.load}>
      <Chart
        label={text.load}
        height={220}
        option={loadOption(load, lot, text)}
        table={{ columns: [text.load, text.share_of, text.now, text.by_draft, text.change], rows }}
        footer={source && <Source citation={source.citation} confidence={source.confidence} />}
      />
    </Section>
  );
}
