export const STAGES = [
  "ingestion",
  "profiling",
  "classification",
  "sampling",
  "repair",
  "notification",
] as const;

export type Stage = (typeof STAGES)[number];

export interface Entry {
  at: string;
  kind: string;
  what: string;
  says: Says;
}

export type Says = Record<string, string | number | boolean | string[]>;

export interface Told extends Entry {
  stage: Stage;
  key: string;
}

/** What all stages wrote down in one line of time, newest first; of the same instant, later stages first. */
export function merged(trails: Partial<Record<Stage, Entry[]>>): Told[] {
  return STAGES.flatMap((stage) =>
    (trails[stage] ?? []).map((entry, at) => ({ ...entry, stage, key: `${stage}-${at}` })),
  ).sort(
    (one, other) =>
      Date.parse(other.at) - Date.parse(one.at) || STAGES.indexOf(other.stage) - STAGES.indexOf(one.stage),
  );
}

interface Words {
  fact: (code: string) => string;
  value: (code: string) => string;
  family: (code: string) => string;
}

/** What an entry is about, in words for the code that its stage has written. */
export function about({ stage, kind, what }: Told, words: Words): string {
  if (what === "") return "";
  if (stage === "ingestion" || kind === "fact") return words.fact(what);
  if (kind === "signal" || kind.startsWith("clue_")) return words.family(what);
  return words.value(what);
}

/** Where the thing that an entry tells of has a page, or a place on the entity's. */
export function placeOf({ kind, says }: Told, uscc: string): string | undefined {
  const own = `/entities/${uscc}`;
  const number = Number(says.number);
  if (kind === "decision") return number > 1 ? `${own}/compare?from=${number - 1}&to=${number}` : undefined;
  if (says.signal_id) return `/warnings/${encodeURIComponent(String(says.signal_id))}`;
  if (says.task_id) return `/inspections/${encodeURIComponent(String(says.task_id))}`;
  if (says.record_id || says.notice_id) return `${own}?tab=records`;
  return says.clue_id ? `${own}?tab=supervision` : undefined;
}
