import { expect, test } from "vitest";
import type { Decision, Indicator } from "./reads";
import { decidedBy, differences } from "./thenAndNow";

function value(code: string, value: number | null): Indicator {
  return { code, value, zh: code, en: code, dimension: "base", unit: "count" };
}

test("an indicator differs when its value does, or when one of the two is not known", () => {
  const rows = differences(
    [value("a", 1), value("b", null), value("c", 2)],
    [value("a", 1), value("b", 3), value("c", 4)],
  );

  expect(rows.map(({ code, past, now, differs }) => [code, past, now, differs])).toEqual([
    ["a", 1, 1, false],
    ["b", null, 3, true],
    ["c", 2, 4, true],
  ]);
});

test("the class of a pair of clocks is the newest one for no later day and from nothing known later", () => {
  const decisions = [
    { number: 3, business_day: "2026-12-01", recorded_at: "2026-11-27T03:50:00Z" },
    { number: 2, business_day: "2026-11-27", recorded_at: "2026-11-27T03:50:10Z" },
    { number: 1, business_day: "2026-11-27", recorded_at: "2026-11-27T03:50:00Z" },
  ] as Decision[];
  const number = (valid: string, known: string) => decidedBy(decisions, { valid, known })?.number;

  expect(number("2026-11-30", "2026-11-27T03:50:05Z")).toBe(1);
  expect(number("2026-12-01", "2026-11-27T03:50:05Z")).toBe(3);
  expect(number("2026-11-26", "2026-11-27T03:50:05Z")).toBeUndefined();
  expect(number("2026-12-01", "2026-11-27T03:49:59Z")).toBeUndefined();
});
