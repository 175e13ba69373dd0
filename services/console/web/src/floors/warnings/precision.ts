import type { EChartsCoreOption } from "echarts/core";
import { COLOURS } from "../../app/theme";
import type { ChartTable } from "../../kit/Chart";
import type { FamilyFigures } from "./model";

interface Words {
  month: string;
  raised: string;
  judged_count: string;
  useful_count: string;
}

/** How many of a family were raised, judged and found useful, month by month. */
export function monthsChart({ months }: FamilyFigures, words: Words): EChartsCoreOption {
  const bar = (name: string, colour: string, of: (month: FamilyFigures["months"][number]) => number) => ({
    type: "bar",
    name,
    color: colour,
    data: months.map(of),
  });
  return {
    legend: { top: 0, left: 0 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: months.map((each) => each.month.slice(0, 7)) },
    yAxis: { type: "value", minInterval: 1 },
    series: [
      bar(words.raised, "#9fb4cc", (each) => each.raised),
      bar(words.judged_count, COLOURS.primary, (each) => each.judged),
      bar(words.useful_count, COLOURS.good, (each) => each.useful),
    ],
  };
}

/** The same as a table. */
export function monthsTable({ months }: FamilyFigures, words: Words): ChartTable {
  return {
    columns: [words.month, words.raised, words.judged_count, words.useful_count],
    rows: months.map((each) => [each.month.slice(0, 7), each.raised, each.judged, each.useful]),
  };
}
