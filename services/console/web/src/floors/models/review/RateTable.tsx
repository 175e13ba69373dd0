import type { ReactNode } from "react";
import { useFormats } from "../../../i18n/format";
import { PlainTable } from "../definition/PlainTable";
import { Interval } from "./Interval";
import { estimateText, scaleOf } from "./intervals";
import { useReviewText } from "./reviewText";
import type { GroupRate } from "./useSummary";

interface Props {
  rows: GroupRate[];
  name: (group: string) => ReactNode;
  head: string;
  /** The rate of all, which each is compared with. */
  mark?: number | null;
}

/** Discovery of each group: results, rates with their intervals, drawn on one scale. */
export function RateTable({ rows, name, head, mark }: Props) {
  const text = useReviewText();
  const format = useFormats();
  const isDrawn = rows.some(({ weighted }) => weighted?.value != null);
  const scale = scaleOf(rows.map((row) => (isDrawn ? row.weighted : row.rate)));
  return (
    <PlainTable<GroupRate>
      label={text.discovery}
      dataSource={rows}
      rowKey="group"
      columns={[
        { title: head, render: (_, { group }) => (group ? name(group) : "—") },
        { title: text.valid, align: "right", render: (_, { valid }) => format.count(valid) },
        { title: text.problems, align: "right", render: (_, { problems }) => format.count(problems) },
        { title: text.rate, align: "right", render: (_, { rate }) => estimateText(rate, format.share) },
        {
          title: text.weighted,
          align: "right",
          render: (_, { weighted }) => estimateText(weighted, format.share),
        },
        {
          title: text.interval,
          render: (_, row) => (
            <Interval estimate={isDrawn ? row.weighted : row.rate} scale={scale} mark={mark} />
          ),
        },
        { title: text.lift_column, align: "right", render: (_, { lift }) => format.points(lift) },
        { title: text.pending, align: "right", render: (_, row) => format.share(row.pending_rate) },
      ]}
    />
  );
}
