import { expect, it } from "vitest";
import { bandsOption, bandText } from "./bands";

const band = (low: number, value: number | null, expected: number | null) => ({
  low,
  high: low + 10,
  valid: 40,
  problems: 8,
  rate: { n: 40, value, low: null, high: null },
  expected,
});
const words = { observed: "found", expected: "expected" };
const series = (bands: Parameters<typeof bandsOption>[0]) =>
  bandsOption(bands, words).series as { name: string; data: unknown[] }[];

it("names a band by its scores", () => {
  expect(bandText({ low: 10, high: 20 })).toBe("10–20");
  expect(bandText({ low: 10, high: 10 })).toBe("10");
});

it("draws what was found, and what was expected only where something was", () => {
  expect(series([band(0, 0.2254, null), band(20, null, null)])).toHaveLength(1);
  expect(series([band(0, 0.2254, 0.3)]).map(({ data }) => data)).toEqual([[22.5], [30]]);
});
