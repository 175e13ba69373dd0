import { describe, expect, it } from "vitest";
import { boxesOf, fewerSteps, moreSteps, withIndicator, withPolicy } from "./itemEdits";
import { readText } from "./yamlText";

const TEXT = `scale: {lowest: 0, highest: 100, cuts: {A: 1, B: 2, C: 3}}
items:
  - {indicator: a.x, bins: {edges: [1, 3], points: [0, 5, 9]}, missing: {policy: neutral}}
  - {indicator: a.y, curve: [[0, 0], [2, 8]], missing: {policy: mean, points: 2}}
`;
const itemOf = (text: string, at: number) => {
  const item = readText(text).definition?.items[at];
  if (!item) throw new Error("no such item");
  return item;
};

describe("an item in the form", () => {
  it("has a box for each step and knot, with where it stands", () => {
    expect(boxesOf(itemOf(TEXT, 0), 0)[1]).toEqual({
      points: ["items", 0, "bins", "points", 1],
      value: 5,
      edge: ["items", 0, "bins", "edges", 0],
      at: 1,
    });
    expect(boxesOf(itemOf(TEXT, 1), 1).map(({ at, value }) => [at, value])).toEqual([
      [0, 0],
      [2, 8],
    ]);
  });

  it("gets and loses steps with their edges", () => {
    const more = moreSteps(TEXT, itemOf(TEXT, 0), 0);
    expect(itemOf(more, 0).bins).toEqual({ edges: [1, 3, 4], points: [0, 5, 9, 9] });
    expect(itemOf(fewerSteps(more, itemOf(more, 0), 0), 0).bins).toEqual(itemOf(TEXT, 0).bins);
    expect(itemOf(moreSteps(TEXT, itemOf(TEXT, 1), 1), 1).curve).toEqual([
      [0, 0],
      [2, 8],
      [3, 8],
    ]);
  });

  it("says what an unknown value counts", () => {
    expect(itemOf(withPolicy(TEXT, itemOf(TEXT, 0), 0, "mean"), 0).missing).toEqual({
      policy: "mean",
      points: 0,
    });
    expect(itemOf(withPolicy(TEXT, itemOf(TEXT, 1), 1, "worst"), 1).missing).toEqual({ policy: "worst" });
  });

  it("can be new", () => {
    expect(itemOf(withIndicator(TEXT, "b.z", undefined), 2).indicator).toBe("b.z");
  });
});
