import { expect, test } from "vitest";
import { timelineOption } from "./timelineChart";

const FACTS = [
  {
    number: 1,
    type: "complaint_received",
    counts: true,
    occurred_at: "2026-01-01T00:00:00Z",
    recorded_at: "2026-02-01T00:00:00Z",
  },
  {
    number: 2,
    type: "registration_recorded",
    counts: false,
    occurred_at: "2025-01-01T00:00:00Z",
    recorded_at: "2026-01-02T00:00:00Z",
  },
];
const WORDS = { group: (code: string) => code, tip: String };
type Drawn = {
  yAxis: { data: string[] };
  series: {
    data: { name: string; value: number[]; symbol: string; itemStyle: { color: string } }[];
    markLine: unknown;
  }[];
};

test("a fact is a dot at its day and kind; one that counts no more is hollow", () => {
  const drawn = timelineOption(FACTS, null, WORDS) as unknown as Drawn;

  expect(drawn.yAxis.data).toEqual(["registration", "complaint"]);
  expect(drawn.series[0]?.data.map(({ name, value, symbol }) => [name, value[1], symbol])).toEqual([
    ["1", 1, "circle"],
    ["2", 0, "emptyCircle"],
  ]);
  expect(drawn.series[0]?.markLine).toBeNull();
});

test("what was not known or had not occurred is grey", () => {
  const pair = { valid: "2026-06-01", known: "2026-01-15T00:00:00Z" };
  const drawn = timelineOption(FACTS, pair, WORDS) as unknown as Drawn;
  const [first, second] = drawn.series[0]?.data ?? [];

  expect(first?.itemStyle.color).not.toBe(second?.itemStyle.color);
});
