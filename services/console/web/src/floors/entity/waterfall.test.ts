import { expect, test } from "vitest";
import { barsOf, type Step, signed, stepsOf, waterfallOption } from "./waterfall";

const ACCOUNT = {
  base: 165,
  general: null,
  cap: 0,
  score: 150,
  parts: {
    dimensions: [
      { zh: "基础属性", en: "Basic attributes", points: 15 },
      { zh: "监管", en: "supervision", points: -30 },
    ],
  },
};
const NAMES = {
  base: "基础分",
  general: "通用",
  cap: "封顶",
  total: "得分",
  named: ({ zh }: { zh: string }) => zh,
};

test("the steps are what the service gives, in its order, from the base to the score", () => {
  const steps = stepsOf(ACCOUNT, NAMES);

  expect(steps.map(({ name, points }) => [name, points])).toEqual([
    ["基础分", 165],
    ["基础属性", 15],
    ["监管", -30],
    ["得分", 150],
  ]);
});

test("what the general class gives and what the scale cuts off are steps where there are any", () => {
  const steps = stepsOf({ ...ACCOUNT, general: 12, cap: -4 }, NAMES);

  expect(steps.map(({ name }) => name)).toEqual(["基础分", "通用", "基础属性", "监管", "封顶", "得分"]);
});

test("each bar begins where the one before ended, and one that takes points off lies before that", () => {
  const bars = barsOf(stepsOf(ACCOUNT, NAMES));

  expect(bars).toEqual([
    { from: 0, length: 165 },
    { from: 165, length: 15 },
    { from: 150, length: 30 },
    { from: 0, length: 150 },
  ]);
});

test("only what is added has a sign", () => {
  const told = (points: number, kind: Step["kind"]) => signed({ name: "", points, kind }, String);

  expect([told(165, "base"), told(3, "add"), told(-30, "add"), told(0, "add"), told(454, "sum")]).toEqual([
    "165",
    "+3",
    "−30",
    "0",
    "454",
  ]);
});

test("the bounds of the classes are lines", () => {
  const option = waterfallOption(stepsOf(ACCOUNT, NAMES), [250, 460, 700], String) as {
    series: { markLine?: { data: { xAxis: number }[] } }[];
  };

  expect(option.series[1]?.markLine?.data.map(({ xAxis }) => xAxis)).toEqual([250, 460, 700]);
});
