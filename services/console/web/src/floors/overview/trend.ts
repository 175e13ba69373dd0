import type { components } from "../../api/generated/classification";

export type Point = components["schemas"]["MixPoint"];

/** The steps between points of a trend. */
export const STEPS = ["month", "day"] as const;
export type Step = (typeof STEPS)[number];

/** The shares of one class over time; undefined where there are not two points to compare. */
export interface Course {
  shares: number[];
  first: Point;
  last: Point;
  /** How far the share went between the first and the last point, in percentage points. */
  change: number;
}

export function courseOf(points: readonly Point[], letter: string): Course | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const shares = points.map((point) => point.shares[letter] ?? 0);
  return { shares, first, last, change: ((last.shares[letter] ?? 0) - (first.shares[letter] ?? 0)) * 100 };
}

/** Places of a line of these values in a box: left to right, the least at the bottom and the greatest at the top. */
export function lineOf(values: readonly number[], width: number, height: number): [number, number][] {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const range = greatest - least;
  return values.map((value, at) => [
    values.length > 1 ? (at / (values.length - 1)) * width : width,
    range === 0 ? height / 2 : height - ((value - least) / range) * height,
  ]);
}
