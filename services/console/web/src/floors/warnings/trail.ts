import type { SignalFile } from "./model";

/** One thing that happened to a signal. */
export interface TrailEntry {
  at: string;
  kind: string;
  by: string | null;
  note: string;
  action?: string | null;
  assignee?: string | null;
  until?: string | null;
}

/** Everything that happened to a signal, the newest first: what the system did, people's steps, and verdicts. */
export function trailOf(file: SignalFile): TrailEntry[] {
  const system = { by: null, note: "" };
  const entries: TrailEntry[] = [
    { ...system, at: file.raised_at, kind: "raised" },
    ...file.steps.map((step) => ({ ...step })),
    ...file.verdicts.map((verdict) => ({
      at: verdict.judged_at,
      kind: verdict.useful ? "useful" : "not_useful",
      by: verdict.judged_by,
      note: verdict.note,
    })),
  ];
  if (file.updated_at && file.updates > 0) entries.push({ ...system, at: file.updated_at, kind: "updated" });
  if (isOverByItself(file)) entries.push({ ...system, at: file.cleared_on as string, kind: "over" });
  return entries.sort((one, other) => instant(other.at) - instant(one.at));
}

function isOverByItself(file: SignalFile): boolean {
  return file.cleared_on !== null && !file.cleared_by;
}

/** A day alone is its end: what happened on it came before. */
function instant(at: string): number {
  return Date.parse(at.length === 10 ? `${at}T15:59:59Z` : at);
}
