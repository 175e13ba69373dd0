/** What the two clocks need of a fact: when it occurred and when it became known. */
export interface Clocked {
  number: number;
  occurred_at: string;
  recorded_at: string;
}

/** A day of the one clock, an instant of the other. */
export interface Pair {
  /** The day on which it is asked what held. */
  valid: string;
  /** The instant up to which it was known. */
  known: string;
}

const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;

/** A day as a number that grows by one each day. */
export function numberOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY;
}

/** The day of such a number. */
export function dayOf(number: number): string {
  return new Date(number * DAY).toISOString().slice(0, 10);
}

/** The day in Shanghai of an instant. */
export function dayInShanghai(instant: string): string {
  return dayOf(Math.floor((Date.parse(instant) + SHANGHAI) / DAY));
}

/** The instants at which something became known, each once, oldest first. */
export function instantsKnown(facts: Clocked[]): string[] {
  const distinct = new Map(facts.map(({ recorded_at }) => [Date.parse(recorded_at), recorded_at]));
  return [...distinct].sort(([one], [other]) => one - other).map(([, instant]) => instant);
}

/** Where on the clock of knowing an instant stands: the last step that is not after it, the first at least. */
export function stepOf(instants: string[], known: string): number {
  const after = instants.findIndex((instant) => Date.parse(instant) > Date.parse(known));
  return Math.max(0, (after < 0 ? instants.length : after) - 1);
}

export type Standing = "held" | "later" | "unknown";

/** Whether a fact had occurred by the end of the day and was known by the instant. */
export function standingOf(fact: Clocked, { valid, known }: Pair): Standing {
  const end = (numberOf(valid) + 1) * DAY - SHANGHAI - 1;
  if (Date.parse(fact.recorded_at) > Date.parse(known)) return "unknown";
  return Date.parse(fact.occurred_at) <= end ? "held" : "later";
}

/** The first and the last day that can be asked for: from the first fact to the business day. */
export function daysOf(facts: Clocked[], businessDay: string): [number, number] {
  const days = facts.map(({ occurred_at }) => numberOf(dayInShanghai(occurred_at)));
  const last = Math.max(numberOf(businessDay), ...days);
  return [Math.min(...days, last), last];
}
