import { expect, test } from "vitest";
import { byArea, type ClassMix, measured, type Rate, risky, stepOf } from "./figures";

const MIX: ClassMix = {
  group: "510104",
  entities: 100,
  counts: { A: 70, B: 22, C: 5, D: 3 },
  shares: { A: 0.7, B: 0.22, C: 0.05, D: 0.03 },
  under_observation: 0,
  models: {},
};
const RATE: Rate = {
  group: "510104",
  results: 9,
  valid: 8,
  problems: 2,
  rate: 0.25,
  low: 0.07,
  high: 0.59,
  weighted_rate: null,
};

test("entities with a signal are counted over all states of registration", () => {
  const figures = [
    { area_code: "510104", status: "active", entities: 90, with_open_signal: 7 },
    { area_code: "510104", status: "suspended", entities: 2, with_open_signal: 1 },
  ];

  const areas = byArea([MIX], [RATE], figures);

  expect(measured(areas.get("510104"), "signals")).toBe(8);
});

test("an area is coloured by the share of C and D, or by its discovery rate", () => {
  const area = byArea([MIX], [RATE], []).get("510104");

  expect(measured(area, "risky")).toBeCloseTo(0.08);
  expect(measured(area, "discovery")).toBe(0.25);
});

test("the share of C and D is of what is counted, not of shares that were rounded before", () => {
  const counts = { A: 21, B: 0, C: 1, D: 0 };

  expect(risky({ entities: 22, counts })).toBe(1 / 22);
  expect(risky({ entities: 0, counts: {} })).toBeUndefined();
});

test("an area where nothing was inspected has no colour", () => {
  const area = byArea([MIX], [{ ...RATE, valid: 0, rate: null }], []).get("510104");

  expect(measured(area, "discovery")).toBeUndefined();
});

test("the greatest value is in the last step and equal values are in the first", () => {
  expect(stepOf(10, 0, 10, 5)).toBe(4);
  expect(stepOf(0, 0, 10, 5)).toBe(0);
  expect(stepOf(3, 3, 3, 5)).toBe(0);
});
