import { describe, expect, it } from "vitest";
import { bandsOf, extremesOf, type Item, partsOf, type Rule, stepsOf } from "./definition";
import { conditionText, effectText, stepText } from "./wording";

const catalogue = new Map([
  ["a.listed", { zh: "列入经营异常名录", en: "On the abnormal list", unit: "yes_no" }],
  ["a.fines", { zh: "近36个月行政处罚", en: "Penalties in 36 months", unit: "count" }],
]);
const ages: Item = {
  indicator: "a.age",
  bins: { edges: [1, 3], points: [20, 8, 0] },
  missing: { policy: "neutral" },
};

describe("steps of an item", () => {
  it("are the same whichever way its bins are written", () => {
    const ranges = [
      { below: 1, points: 20 },
      { from: 1, below: 3, points: 8 },
      { from: 3, points: 0 },
    ];
    expect(stepsOf({ ...ages, bins: ranges })).toEqual(stepsOf(ages));
  });

  it("count its weight", () => {
    expect(extremesOf({ ...ages, weight: 0.5 })).toEqual([0, 10]);
  });

  it("are said as an official says them", () => {
    expect(stepsOf(ages).map((each) => stepText(each, "year", "zh"))).toEqual([
      "不足1年",
      "1年至不足3年",
      "3年及以上",
    ]);
    expect(stepsOf(ages).map((each) => stepText(each, "count", "zh"))).toEqual(["0", "1–2", "3及以上"]);
    expect(stepText({ from: 1, below: null, points: 5 }, "yes_no", "zh")).toBe("是");
    expect(stepText({ from: 0.1, below: 0.5, points: 5 }, "share", "en")).toBe("10% to below 50%");
  });
});

describe("a rule", () => {
  const rule: Rule = {
    code: "x",
    zh: "",
    en: "",
    when: { indicator: "a.listed", at_least: 1 },
    floor: "C",
    shift: 1,
  };

  it("says what it asks for", () => {
    expect(conditionText(rule.when, catalogue, "zh")).toBe("列入经营异常名录");
    expect(conditionText({ indicator: "a.fines", at_most: 0 }, catalogue, "zh")).toBe(
      "近36个月行政处罚不超过0",
    );
    expect(conditionText({ age_days_below: 365 }, catalogue, "zh")).toBe("成立不满365天");
  });

  it("says what it does", () => {
    expect(effectText(rule, catalogue, "zh")).toBe("不优于C类；下调1档");
    expect(effectText({ ...rule, floor: "D", shift: 0, ignores: ["a.fines"] }, catalogue, "en")).toBe(
      "class D; gives no points: Penalties in 36 months",
    );
  });
});

describe("a model", () => {
  const scale = { lowest: 0, highest: 1000, cuts: { A: 250, B: 500, C: 750 } };

  it("has a band for each class, the last up to the highest score", () => {
    expect(bandsOf(scale)).toHaveLength(4);
    expect(bandsOf(scale)[3]).toEqual({ letter: "D", above: 750, to: 1000 });
    expect(bandsOf({ lowest: 0, highest: 1000 })).toEqual([]);
  });

  it("keeps items without a dimension", () => {
    const parts = partsOf({ items: [ages] } as never);
    expect(parts).toEqual([{ dimension: null, items: [ages] }]);
  });
});
