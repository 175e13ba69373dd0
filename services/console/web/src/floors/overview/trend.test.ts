import { expect, test } from "vitest";
import { courseOf, lineOf, type Point } from "./trend";

function point(day: string, c: number): Point {
  return { day, entities: 100, counts: {}, shares: { A: 1 - c, B: 0, C: c, D: 0 } };
}

test("how far a share went is told in percentage points between the first and the last point", () => {
  const points = [point("2026-09-30", 0.05), point("2026-10-31", 0.02), point("2026-11-27", 0.08)];

  const course = courseOf(points, "C");

  expect(course?.change).toBeCloseTo(3);
  expect(course?.shares).toEqual([0.05, 0.02, 0.08]);
  expect(course?.first.day).toBe("2026-09-30");
});

test("one point is no trend", () => {
  expect(courseOf([point("2026-11-27", 0.08)], "C")).toBeUndefined();
  expect(courseOf([], "C")).toBeUndefined();
});

test("a line fills its box, and one that stays level lies in the middle", () => {
  expect(lineOf([1, 3], 100, 20)).toEqual([
    [0, 20],
    [100, 0],
  ]);
  expect(lineOf([2, 2], 100, 20)).toEqual([
    [0, 10],
    [100, 10],
  ]);
});
