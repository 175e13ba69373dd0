import { expect, it } from "vitest";
import { chosen, type Indicator, valuesOf } from "./choosing";

const one = {
  code: "base.age",
  zh: "成立年限",
  en: "Age",
  dimension: "base",
  group: "identity",
  nature: "static",
} as Indicator;
const two = {
  code: "regulatory.fines",
  zh: "行政处罚",
  en: "Fines",
  dimension: "regulatory",
  group: "fines",
  nature: "dynamic",
} as Indicator;
const uses = new Map([["base.age", ["general@2"]]]);
const codes = (filters: Record<string, string>) => chosen([one, two], uses, filters).map(({ code }) => code);

it("filters by what is set, and by words in either language", () => {
  expect(codes({})).toEqual(["base.age", "regulatory.fines"]);
  expect(codes({ dimension: "base", nature: "static" })).toEqual(["base.age"]);
  expect(codes({ q: "处罚" })).toEqual(["regulatory.fines"]);
  expect(codes({ q: "AGE" })).toEqual(["base.age"]);
});

it("filters by the model that uses it, or by none", () => {
  expect(codes({ use: "general" })).toEqual(["base.age"]);
  expect(codes({ use: "none" })).toEqual(["regulatory.fines"]);
  expect(codes({ use: "price" })).toEqual([]);
});

it("offers the groups of the dimension chosen", () => {
  expect(valuesOf([one, two], "group", "base")).toEqual(["identity"]);
  expect(valuesOf([one, two], "dimension")).toEqual(["base", "regulatory"]);
});
