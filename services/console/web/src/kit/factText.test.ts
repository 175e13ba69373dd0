import { expect, test } from "vitest";
import { type FactWords, told } from "./factText";

const WORDS: FactWords = {
  field: (code) => `f:${code}`,
  value: (code) => `v:${code}`,
  day: (day) => day,
  money: (fen) => `¥${fen / 100}`,
  share: (share) => `${share * 100}%`,
  area: (code) => `area ${code}`,
  entityType: (code) => `type ${code}`,
  item: (code) => `item ${code}`,
  list: (items) => items.join("、"),
  yes: "是",
};

test("days, money, areas and codes are told in words, names as they are", () => {
  const pairs = told(
    {
      name: "虚构店",
      established_on_day: 19133,
      registered_capital_fen: "100000",
      area_code: "510104",
      kinds: ["fine", "warning"],
    },
    WORDS,
  );

  expect(pairs).toEqual([
    ["f:name", "虚构店"],
    ["f:established_on", "2022-05-21"],
    ["f:registered_capital_fen", "¥1000"],
    ["f:area_code", "area 510104"],
    ["f:kinds", "v:fine、v:warning"],
  ]);
});

test("a change tells which particular it is, and its value as that particular is told", () => {
  expect(told({ field: "registered_capital_fen", after: "500" }, WORDS)).toEqual([
    ["f:field", "f:registered_capital_fen"],
    ["f:after", "¥5"],
  ]);
  expect(told({ field: "address", after: "虚构路1号" }, WORDS)[1]).toEqual(["f:after", "虚构路1号"]);
});

test("a field of a product is a code and no particular of the register", () => {
  expect(told({ field: "food", passed: true, serious: false }, WORDS)).toEqual([
    ["f:field", "v:food"],
    ["f:passed", "是"],
  ]);
});

test("what machines alone need is left out", () => {
  expect(told({ uscc: "9151", task_id: "t", item: "publicity,registration" }, WORDS)).toEqual([
    ["f:item", "item publicity、item registration"],
  ]);
});
