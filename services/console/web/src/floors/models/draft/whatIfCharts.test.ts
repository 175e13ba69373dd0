import { expect, it } from "vitest";
import type { Answer } from "./useWhatIf";
import { mixTable, moversBy, rowsOf, signed, visits } from "./whatIfCharts";

const words = { now: "now", by_draft: "then", change: "change", movers: "movers" };
/** Both sides as the service names them. */
const sides = (now: object, by_draft: object) =>
  JSON.parse(`{"now":${JSON.stringify(now)},"then":${JSON.stringify(by_draft)}}`) as Answer["mix"];
const now = { A: 10, B: 5, C: 2, D: 1 };

it("tells before, after and the change of each class", () => {
  const table = mixTable(sides(now, { A: 9, B: 6, C: 2, D: 1 }), words, "class", String);
  expect(table.rows).toEqual([
    ["A", "10", "9", "-1"],
    ["B", "5", "6", "+1"],
    ["C", "2", "2", "0"],
    ["D", "1", "1", "0"],
  ]);
  expect(signed(0, String)).toBe("0");
});

it("puts groups with most movers first and leaves out those without", () => {
  const groups = {
    a: { ...sides(now, now), movers: 1 },
    b: { ...sides(now, now), movers: 3 },
    c: { ...sides(now, now), movers: 0 },
  };
  expect(moversBy(groups)).toEqual([
    { code: "b", movers: 3, entities: 18 },
    { code: "a", movers: 1, entities: 18 },
  ]);
});

it("adds up visits, and names the rows of a matrix in order", () => {
  expect(visits({ uniform: 1.5, A: 2 })).toBe(3.5);
  expect(rowsOf({ D: now, "": now, A: now })).toEqual(["", "A", "D"]);
});
