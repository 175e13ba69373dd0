import { expect, test } from "vitest";
import type { FamilyFigures } from "./model";
import { monthsChart, monthsTable } from "./precision";

const WORDS = { month: "m", raised: "r", judged_count: "j", useful_count: "u" };
const FIGURES = {
  months: [
    { month: "2026-10-01", raised: 5, judged: 2, useful: 1 },
    { month: "2026-11-01", raised: 7, judged: 3, useful: 3 },
  ],
} as FamilyFigures;

test("the chart and its table show the same figures", () => {
  const { series } = monthsChart(FIGURES, WORDS) as { series: { name: string; data: number[] }[] };
  const { columns, rows } = monthsTable(FIGURES, WORDS);
  expect(rows).toEqual([
    ["2026-10", 5, 2, 1],
    ["2026-11", 7, 3, 3],
  ]);
  series.forEach((each, at) => {
    expect(each.name).toBe(columns[at + 1]);
    expect(each.data).toEqual(rows.map((row) => row[at + 1]));
  });
});
