import { expect, test } from "vitest";
import { deadLettersOf, healthOf, type Stage } from "./stages";

const STAGE: Stage = {
  stage: "sense",
  zh: "智能感知",
  en: "Sensing",
  services: ["profiling"],
  up: true,
  in_per_s: 1,
  out_per_s: 1,
  backlog: 0,
  dead_letters: 0,
  alarms: [],
};

test("a stage that nothing is known of is not said to be well", () => {
  expect(healthOf(undefined)).toBe("unknown");
});

test("a stage that does not answer is down, whatever else is told of it", () => {
  expect(healthOf({ ...STAGE, up: false, dead_letters: 3 })).toBe("down");
});

test("somebody should look where a dead letter waits or an alarm is on", () => {
  expect(healthOf(STAGE)).toBe("well");
  expect(healthOf({ ...STAGE, dead_letters: 1 })).toBe("attention");
  expect(healthOf({ ...STAGE, alarms: [{ code: "lag", service: "profiling", zh: "积压", en: "Lag" }] })).toBe(
    "attention",
  );
});

test("dead letters are added up over services, each told once", () => {
  const collect = { ...STAGE, stage: "collect", dead_letters: 2 };
  const classify = { ...STAGE, stage: "classify", dead_letters: 3 };
  const review = { ...STAGE, stage: "review", dead_letters: null };

  expect(deadLettersOf([collect, classify, review])).toBe(5);
  expect(deadLettersOf([collect, { ...classify, dead_letters: null }])).toBeUndefined();
  expect(deadLettersOf(undefined)).toBeUndefined();
});
