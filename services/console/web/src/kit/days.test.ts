import { expect, test } from "vitest";
import { businessDay, daysBetween, daysLater } from "./days";

test("a day begins at midnight in Shanghai", () => {
  expect(businessDay(new Date("2026-11-26T15:59:59Z"))).toBe("2026-11-26");
  expect(businessDay(new Date("2026-11-26T16:00:00Z"))).toBe("2026-11-27");
});

test("days between are counted over the ends of months and years", () => {
  expect(daysBetween("2026-12-30", "2027-01-02")).toBe(3);
  expect(daysBetween("2026-11-27", "2026-11-26")).toBe(-1);
  expect(daysLater("2026-12-30", 3)).toBe("2027-01-02");
});
