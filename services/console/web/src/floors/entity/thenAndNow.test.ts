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

test("the class of an instant is the newest one made from nothing later", () => {
  const decisions = [
    { number: 2, recorded_at: "2026-11-27T03:50:10Z" },
    { number: 1, recorded_at: "2026-11-27T03:50:00Z" },
  ] as Decision[];

  expect(decidedBy(decisions, "2026-11-27T03:50:05Z")?.number).toBe(1);
  expect(decidedBy(decisions, "2026-11-27T03:49:59Z")).toBeUndefined();
});
