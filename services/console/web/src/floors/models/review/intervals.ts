import type { components } from "../../../api/generated/classification";

/** A figure with its interval, or none where there is too little to say anything. */
export type Estimate = components["schemas"]["Estimate"] | null;
type Write = (value: number | null | undefined) => string;

/** An estimate with its interval, or a dash. */
export function estimateText(estimate: Estimate, write: Write): string {
  const { value, low, high } = estimate ?? {};
  if (value == null) return "—";
  return low == null || high == null ? write(value) : `${write(value)}（${write(low)}–${write(high)}）`;
}

/** The greatest end of intervals, so that all are drawn on one scale; at least something. */
export function scaleOf(estimates: Estimate[]): number {
  return Math.max(0.01, ...estimates.map((each) => each?.high ?? each?.value ?? 0));
}

/** Whether an interval of a ratio leaves out 1: what differs is more than chance. */
export function differs(estimate: Estimate): boolean {
  const { low, high } = estimate ?? {};
  return low != null && high != null && (low > 1 || high < 1);
}

export interface Whisker {
  from: number;
  to: number;
  at: number;
}

/** Where the ends and the middle of an interval stand, as shares of the width. */
export function whiskerOf(estimate: Estimate, scale: number): Whisker | null {
  const { value, low, high } = estimate ?? {};
  if (value == null) return null;
  const share = (each: number) => Math.min(1, Math.max(0, each / scale));
  return { from: share(low ?? value), to: share(high ?? value), at: share(value) };
}

/** A figure to three places, as AUC, KS and chances are read; one that is smaller is no nought. */
export function fine(value: number | null | undefined): string {
  if (value == null) return "—";
  return value > 0 && value < 0.0005 ? "< 0.001" : value.toFixed(3);
}

/** A sentence of the service with groups and areas by their names in place of their codes. */
export function withNames(
  sentence: string,
  words: Record<string, unknown>,
  area: (code: string) => string,
): string {
  return sentence.replace(/[0-9]{4}[0-9A-Z]{2}(?![0-9A-Za-z_])|[0-9]*[a-z]*[0-9a-z]*_[0-9a-z_]+/g, (code) => {
    const word = words[`g_${code}`];
    return typeof word === "string" ? word : area(code);
  });
}
