import { useNames } from "../../../api/vocabulary";
import { useFormats } from "../../../i18n/format";
import { wordFor } from "../../../i18n/words";
import { Chart } from "../../../kit/Chart";
import { Loaded } from "../../../kit/Loaded";
import { PlainTable } from "../definition/PlainTable";
import { Section } from "../definition/WholeModel";
import { bandsOption, bandText } from "./bands";
import { differs, type Estimate, estimateText, fine } from "./intervals";
import { useReviewText } from "./reviewText";
import { type Summary, useSummary } from "./useSummary";

/** Whether scores mean the same rate as the year before, and groups the same as each other. */
export function Quality() {
  const summary = useSummary();
  return (
    <Loaded reading={summary} lines={10}>
      {(found) => (
        <>
          <Calibrated calibration={found.calibration} />
          <Fair rows={found.fairness} />
        </>
      )}
    </Loaded>
  );
}

function Calibrated({ calibration }: { calibration: Summary["calibration"] }) {
  const text = useReviewText();
  const format = useFormats();
  const { bands, n, reference_n, chi_square, p } = calibration;
  const said =
    chi_square == null || p == null ? text.no_reference : text.chi(format.points(chi_square), fine(p));
  const rows = bands.map((band) => [
    bandText(band),
    format.count(band.valid),
    format.count(band.problems),
    estimateText(band.rate, format.share),
    format.share(band.expected),
  ]);
  return (
    <Section title={text.calibration} lead={text.calibration_say(format.count(n), format.count(reference_n))}>
      <Chart
        label={text.calibration}
        option={bandsOption(bands, text)}
        table={{ columns: [text.band, text.valid, text.problems, text.observed, text.expected], rows }}
        footer={said}
      />
    </Section>
  );
}

type Row = Summary["fairness"][number];

function Fair({ rows }: { rows: Row[] }) {
  const text = useReviewText();
  const format = useFormats();
  const areaName = useNames("areas");
  const group = (row: Row) => (row.by === "area" ? areaName(row.group) : groupWord(row.group, text));
  return (
    <Section title={text.fairness} lead={text.fairness_say}>
      <PlainTable<Row>
        label={text.fairness}
        dataSource={rows}
        rowKey={({ by, group: code }) => `${by} ${code}`}
        columns={[
          { title: text.kind, render: (_, { by }) => wordFor(text, by) },
          { title: text.group, render: (_, row) => group(row) },
          { title: text.valid, align: "right", render: (_, { valid }) => format.count(valid) },
          { title: text.problems, align: "right", render: (_, { problems }) => format.count(problems) },
          { title: text.rate_ratio, align: "right", render: (_, row) => <Ratio estimate={row.rate_ratio} /> },
          {
            title: text.false_alarm,
            align: "right",
            render: (_, row) => estimateText(row.false_alarm_share, format.share),
          },
          {
            title: text.false_alarm_ratio,
            align: "right",
            render: (_, row) => <Ratio estimate={row.false_alarm_ratio} />,
          },
        ]}
      />
    </Section>
  );
}

function groupWord(code: string, text: Record<string, unknown>): string {
  const word = text[`g_${code}`];
  return typeof word === "string" ? word : code;
}

function Ratio({ estimate }: { estimate: Estimate }) {
  const format = useFormats();
  const said = estimateText(estimate, format.points);
  return differs(estimate) ? <b>{said}</b> : said;
}
