import { expect, test } from "vitest";
import { isRelevant, type Line, ordered, treatmentWord, valueText } from "./indicatorTable";

function line(code: string, dimension: string, points: number, treatment = "counted"): Line {
  return {
    code,
    dimension,
    points,
    treatment,
    zh: code,
    en: code,
    unit: "count",
    value: 0,
    sentence: "",
    sentence_en: "",
  };
}

test("what gave no points and is known is left out at first; what is missing or rests is not", () => {
  const lines = [
    line("none", "a", 0),
    line("some", "a", 3),
    line("less", "a", -3),
    line("unknown", "a", 0, "missing:mean"),
    line("no_question", "a", 0, "missing:not_applicable"),
    line("rests", "a", 0, "resting"),
  ];

  expect(lines.filter(isRelevant).map(({ code }) => code)).toEqual(["some", "less", "unknown", "rests"]);
});

test("dimensions keep the model's order, and within one what weighs most comes first", () => {
  const lines = [line("b1", "b", 1), line("a1", "a", 2), line("a2", "a", -9), line("x", "", 50)];

  const sorted = ordered(lines, [{ code: "a" }, { code: "b" }]);

  expect(sorted.map(({ code }) => code)).toEqual(["a2", "a1", "b1", "x"]);
});

test("a treatment has one word, whatever policy or modifier it names", () => {
  const words = ["counted", "missing:worst", "ignored:suspension_grace", "resting"].map(treatmentWord);

  expect(words).toEqual(["counted", "missing_worst", "ignored", "resting"]);
});

test("values are written by their unit, and what is not known is a dash", () => {
  const write = {
    points: String,
    share: (n: number) => `${n * 100}%`,
    yes: "是",
    no: "否",
    units: { wan_yuan: "万元", year: "年" },
  };
  const told = [
    valueText(null, "count", write),
    valueText(1, "yes_no", write),
    valueText(0, "yes_no", write),
    valueText(0.75, "share", write),
    valueText(200, "wan_yuan", write),
    valueText(3, "year", write),
    valueText(4, "count", write),
  ];

  expect(told).toEqual(["—", "是", "否", "75%", "200 万元", "3 年", "4"]);
});
