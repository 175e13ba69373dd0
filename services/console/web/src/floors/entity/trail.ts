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
  detail?: string;
}

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
  signal: (family: string) => string;
  decided: (before: string, after: string, points: string) => string;
}

/** What an entry is about, in words where its stage has written codes; else as it stands there. */
export function about({ kind, what }: Entry, words: Words): string {
  if (kind === "fact" || kind === "fact_accepted") return words.fact(factType(what));
  if (kind === "signal") return words.signal(what);
  if (kind === "inspection_result") return what.split(",").map(words.value).join(" · ");
  if (kind === "decision") {
    const [, before = "", after = "", points = ""] =
      /^class (?:([A-D]) → )?([A-D]), score ([\d.]+)/.exec(what) ?? [];
    return after ? words.decided(before, after, points) : what;
  }
  return words.value(what);
}

/** A type of fact as profiling names it, of the one that ingestion writes: `creditloop.annual-report.filed.v1`. */
export function factType(what: string): string {
  const long = /^creditloop\.(.+)\.v\d+$/.exec(what);
  return long?.[1] ? long[1].replaceAll(/[.-]/g, "_") : what;
}
