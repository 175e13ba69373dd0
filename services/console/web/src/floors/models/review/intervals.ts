import type { components } from "../../../api/generated/classification";

export type Estimate = components["schemas"]["Estimate"];
type Write = (value: number | null | undefined) => string;

/** An estimate with its interval, or a dash where there is too little to say anything. */
export function estimateText({ value, low, high }: Estimate, write: Write): string {
  if (value === null) return "—";
  return low === null || high === null ? write(value) : `${write(value)}（${write(low)}–${write(high)}）`;
}

/** The greatest end of intervals, so that all are drawn on one scale; at least something. */
export function scaleOf(estimates: Estimate[]): number {
  return Math.max(0.01, ...estimates.map(({ high, value }) => high ?? value ?? 0));
}

/** Whether an interval of a ratio leaves out 1: what differs is more than chance. */
export function differs({ low, high }: Estimate): boolean {
  return low !== null && high !== null && (low > 1 || high < 1);
}

export interface Whisker {
  from: number;
  to: number;
  at: number;
}

/** Where the ends and the middle of an interval stand, as shares of the width. */
export function whiskerOf({ value, low, high }: Estimate, scale: number): Whisker | null {
  if (value === null) return null;
  const share = (each: number) => Math.min(1, Math.max(0, each / scale));
  return { from: share(low ?? value), to: share(high ?? value), at: share(value) };
}
