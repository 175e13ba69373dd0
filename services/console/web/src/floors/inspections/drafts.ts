/** What an inspector filled in for a visit and did not send yet; kept in the browser. */
export interface VisitDraft {
  codes: string[];
  /** End of the visit as it is typed: the time in Shanghai, without a zone. */
  at: string;
  remark: string;
  /** Sent with the result, so that it counts once however often it is sent. */
  key: string;
  /** Confirmed, and waiting for a network. */
  toSend: boolean;
}

/** What a browser's storage does, as far as it is needed. */
export type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "creditloop.visit";

function nameOf(subject: string, taskId: string): string {
  return `${PREFIX} ${subject} ${taskId}`;
}

/** The draft of a visit, if this person has one here; what cannot be read is none. */
export function draftOf(kept: Kept, subject: string, taskId: string): VisitDraft | null {
  const text = kept.getItem(nameOf(subject, taskId));
  if (text === null) return null;
  try {
    return JSON.parse(text) as VisitDraft;
  } catch {
    return null;
  }
}

/** Keeps the draft of a visit. */
export function keepDraft(kept: Kept, subject: string, taskId: string, draft: VisitDraft): void {
  kept.setItem(nameOf(subject, taskId), JSON.stringify(draft));
}

/** Forgets the draft of a visit: it was sent. */
export function forgetDraft(kept: Kept, subject: string, taskId: string): void {
  kept.removeItem(nameOf(subject, taskId));
}

/** The visits that this person has a draft of here, with what became of each. */
export function draftsOf(kept: Kept, subject: string): Map<string, VisitDraft> {
  const start = nameOf(subject, "");
  const found = new Map<string, VisitDraft>();
  for (let at = 0; at < kept.length; at += 1) {
    const name = kept.key(at);
    if (!name?.startsWith(start)) continue;
    const taskId = name.slice(start.length);
    const draft = draftOf(kept, subject, taskId);
    if (draft) found.set(taskId, draft);
  }
  return found;
}

/** The result as the service takes it. */
export function resultOf(draft: VisitDraft) {
  return {
    result_codes: draft.codes,
    occurred_at: `${draft.at}:00+08:00`,
    remark: draft.remark.trim(),
  };
}

/** The codes after one was switched: one that stands alone takes the place of the others. */
export function switched(
  codes: readonly string[],
  code: string,
  standsAlone: (code: string) => boolean,
): string[] {
  if (codes.includes(code)) return codes.filter((each) => each !== code);
  if (standsAlone(code)) return [code];
  return [...codes.filter((each) => !standsAlone(each)), code];
}

/** A moment as it is typed: to the minute, in Shanghai. */
export function typed(moment: Date): string {
  return new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(0, 16);
}
