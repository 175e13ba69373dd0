import type { Pair } from "./clocks";
import type { Decision, Indicator } from "./reads";

export interface Difference {
  code: string;
  zh: string;
  en: string;
  unit: string;
  past: number | null;
  now: number | null;
  differs: boolean;
}

/** Each indicator's value then beside its value now, in the catalogue's order. */
export function differences(then: Indicator[], now: Indicator[]): Difference[] {
  const present = new Map(now.map(({ code, value }) => [code, value]));
  return then.map(({ code, zh, en, unit, value }) => {
    const newer = present.get(code) ?? null;
    return { code, zh, en, unit, past: value, now: newer, differs: newer !== value };
  });
}

/** The newest decision for no later day and from nothing known later; decisions come newest first. */
export function decidedBy(decisions: Decision[], { valid, known }: Pair): Decision | undefined {
  return decisions.find(
    ({ recorded_at, business_day }) => business_day <= valid && Date.parse(recorded_at) <= Date.parse(known),
  );
}
