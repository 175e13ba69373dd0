import type { Step } from "./definition";

type Span = (points: number) => number;

/** Where points stand in the height; the most at the top, and zero always in sight. */
function heightOf(points: number[], height: number): Span {
  const low = Math.min(0, ...points);
  const span = Math.max(0, ...points) - low || 1;
  return (each) => Math.round((height - ((each - low) / span) * (height - 2)) * 10) / 10;
}

/** An SVG path of steps of one width each: what counts is their order and height. */
export function stepPath(steps: Step[], width: number, height: number): string {
  const y = heightOf(
    steps.map(({ points }) => points),
    height,
  );
  const x = (at: number) => Math.round((at / steps.length) * width * 10) / 10;
  return steps.map(({ points }, at) => `${at ? "V" : "M0 "}${y(points)}H${x(at + 1)}`).join("");
}

/** An SVG path of straight lines between knots spaced alike: curves often run over several powers of ten. */
export function linePath(knots: [number, number][], width: number, height: number): string {
  const y = heightOf(
    knots.map(([, points]) => points),
    height,
  );
  const x = (at: number) => Math.round((at / Math.max(1, knots.length - 1)) * width * 10) / 10;
  return knots.map(([, points], at) => `${at ? "L" : "M"}${x(at)} ${y(points)}`).join("");
}
