import { expect, it } from "vitest";
import { placeText } from "./places";

const catalogue = new Map([
  ["base.age_years", { zh: "成立年限", en: "Years since establishment", unit: "year" }],
]);

it("names an item by its indicator", () => {
  expect(placeText("items.base.age_years.bins.points", catalogue, "zh")).toBe("成立年限 · 分档 · 分值");
  expect(placeText("items.base.age_years", catalogue, "en")).toBe("Years since establishment");
});

it("says other places in words, and codes as they are", () => {
  expect(placeText("scale.cuts.A", catalogue, "zh")).toBe("分数 · 界线 · A");
  expect(placeText("overrides.major_accident.floor", catalogue, "en")).toBe(
    "overrides · major accident · floor",
  );
});
