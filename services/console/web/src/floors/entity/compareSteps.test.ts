import { expect, test } from "vitest";
import { type Moved, stepsBetween } from "./compareSteps";

function moved(code: string, before: number, after: number): Moved {
  return {
    code,
    zh: code,
    en: code,
    value_before: 0,
    value_after: 0,
    points_before: before,
    points_after: after,
    by_model: 0,
    by_facts: after - before,
    by_people: 0,
    why: "facts",
    sentence_zh: "",
    sentence_en: "",
  };
}

test("the steps lead from the score before to the score after, what moved it farthest first", () => {
  const steps = stepsBetween(
    {
      before: { score: 100, risk_class: "A" },
      after: { score: 80, risk_class: "A" },
      indicators: [moved("little", 0, 10), moved("not", 5, 5), moved("far", 30, 0)],
    },
    { before: "先前", after: "其后", rest: "其余", named: ({ zh }) => zh },
  );

  expect(steps.map(({ name, points }) => [name, points])).toEqual([
    ["先前", 100],
    ["far", -30],
    ["little", 10],
    ["其后", 80],
  ]);
});

test("what no indicator tells, such as another base, is a step of its own", () => {
  const steps = stepsBetween(
    {
      before: { score: 150, risk_class: "A" },
      after: { score: 175, risk_class: "A" },
      indicators: [moved("one", 0, 10)],
    },
    { before: "先前", after: "其后", rest: "其余", named: ({ zh }) => zh },
  );

  expect(steps.map(({ name, points }) => [name, points])).toEqual([
    ["先前", 150],
    ["one", 10],
    ["其余", 15],
    ["其后", 175],
  ]);
});
