import type { components } from "../../api/generated/classification";
import type { Step } from "./waterfall";

export type Comparison = components["schemas"]["ComparisonAnswer"];
export type Moved = Comparison["indicators"][number];

/** What arithmetic with fractions may leave, and no score has. */
const LEAST = 0.005;

/** How far an indicator moved the score. */
export function difference(moved: Moved): number {
  return moved.points_after - moved.points_before;
}

/** Indicators by how far they moved the score, the farthest first. */
export function byWeight(indicators: Moved[]): Moved[] {
  return [...indicators].sort((one, other) => Math.abs(difference(other)) - Math.abs(difference(one)));
}

/** From the score before to the score after, by the indicators that moved it, and what the rest of the model did. */
export function stepsBetween(
  answer: Pick<Comparison, "before" | "after" | "indicators">,
  names: { before: string; after: string; rest: string; named: (both: { zh: string; en: string }) => string },
): Step[] {
  const moved = byWeight(answer.indicators).filter((each) => difference(each) !== 0);
  const told = moved.reduce((sum, each) => sum + difference(each), 0);
  const rest = answer.after.score - answer.before.score - told;
  return [
    { name: names.before, points: answer.before.score, kind: "base" },
    ...moved.map((each): Step => ({ name: names.named(each), points: difference(each), kind: "add" })),
    ...(Math.abs(rest) < LEAST ? [] : [{ name: names.rest, points: rest, kind: "add" } as Step]),
    { name: names.after, points: answer.after.score, kind: "sum" },
  ];
}
