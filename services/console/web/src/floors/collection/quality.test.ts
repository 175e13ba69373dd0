import { expect, test } from "vitest";
import { acceptedByDay, daysBefore, today } from "./quality";

test("each source is a bar of each day, nothing is nought", () => {
  const { table } = acceptedByDay([
    { day: "2026-01-02", source: "b", accepted: 3 },
    { day: "2026-01-01", source: "a", accepted: 2 },
  ]);
  expect(table).toEqual({
    columns: ["", "a", "b"],
    rows: [
      ["2026-01-01", 2, 0],
      ["2026-01-02", 0, 3],
    ],
  });
});

test("days go back over a month's end", () => {
  expect(daysBefore("2026-03-01", 1)).toBe("2026-02-28");
});

test("the day is Shanghai's", () => {
  expect(today(new Date("2026-01-01T17:00:00Z"))).toBe("2026-01-02");
});
