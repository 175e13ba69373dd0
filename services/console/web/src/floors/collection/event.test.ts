import { expect, test } from "vitest";
import { correctionOf, eventIn } from "./event";

const CAME = eventIn('{"subject": "9151", "time": "2026-01-01T00:00:00Z", "data": {"a": 1}}');

test("a correction holds only what was changed", () => {
  expect(correctionOf(CAME, CAME)).toEqual({});
  expect(correctionOf(CAME, { ...CAME, subject: " 9152 " })).toEqual({ subject: "9152" });
  expect(correctionOf(CAME, { ...CAME, data: '{"a": 2}' })).toEqual({ data: { a: 2 } });
});

test("contents that are no object are no correction", () => {
  expect(correctionOf(CAME, { ...CAME, data: "[1]" })).toBeNull();
  expect(correctionOf(CAME, { ...CAME, data: "{" })).toBeNull();
});

test("an original that cannot be read is empty", () => {
  expect(eventIn("not json")).toEqual({ subject: "", time: "", data: "{}" });
});
