import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { classification } from "../../../api/client";
import { useSession } from "../../../app/session";
import type { Draft } from "./fourEyes";
import type { Problem } from "./problems";
import { type ReadText, readText } from "./yamlText";

const PAUSE_MS = 400;

export interface Editing {
  text: string;
  read: ReadText;
  /** The draft that the text was begun from: what a save is over. */
  base: Draft;
  /** Goes on from what was just saved. */
  rebase: (saved: Draft) => void;
  /** Begins anew from another's draft. */
  take: (theirs: Draft) => void;
  /** Gives up what is not saved. */
  forget: () => void;
  /** Changes the text, by hand or by what a form does to it. */
  write: (text: string) => void;
  edit: (change: (text: string) => string) => void;
  isDirty: boolean;
  /** The text after a pause in writing, which is what is checked and tried. */
  settled: string;
  /** What is wrong in the settled text; undefined until the service has said so. */
  problems: Problem[] | undefined;
  isChecking: boolean;
}

interface Kept {
  text: string;
  base: Draft;
}

/** What is not saved, by person and draft: it outlives a session that ends under it. */
const unsaved = new Map<string, Kept>();

/** The text of a draft as it is edited, checked by the service after each pause.
 *
 * A text that nobody touched follows the draft; who only reads sees what is saved.
 */
export function useEditing(draft: Draft, mayWrite: boolean): Editing {
  const key = `${useSession().subject} ${draft.id}`;
  const [{ text: written, base }, keep] = useState<Kept>(
    () => unsaved.get(key) ?? { text: draft.text, base: draft },
  );
  const isDirty = mayWrite && written !== base.text;
  if (draft.version !== base.version && (written === base.text || written === draft.text))
    keep({ text: draft.text, base: draft });
  useEffect(() => {
    if (isDirty) unsaved.set(key, { text: written, base });
    else unsaved.delete(key);
  }, [isDirty, written, base, key]);
  const write = useCallback((text: string) => keep((now) => ({ ...now, text })), []);
  const edit = useCallback(
    (change: (text: string) => string) => keep((now) => ({ ...now, text: change(now.text) })),
    [],
  );
  const text = mayWrite ? written : draft.text;
  const settled = useSettled(text);
  const read = useMemo(() => readText(text), [text]);
  const isSaved = settled === draft.text;
  const check = useQuery({
    queryKey: ["draft-check", settled],
    queryFn: ({ signal }) => checkText(settled, signal),
    enabled: mayWrite && !isSaved,
    staleTime: 60_000,
  });
  return {
    text,
    read,
    base,
    rebase: (saved) => keep((now) => ({ ...now, base: saved })),
    take: (theirs) => keep({ text: theirs.text, base: theirs }),
    forget: () => unsaved.delete(key),
    write,
    edit,
    isDirty,
    settled,
    problems: isSaved ? draft.problems : check.data,
    isChecking: text !== settled || check.isFetching,
  };
}

async function checkText(text: string, signal: AbortSignal): Promise<Problem[]> {
  if (text.trim() === "") return [{ line: 1, place: "", reason: "is no mapping of names to values" }];
  const { data, error } = await classification.call.POST("/v1/drafts/check", { body: { text }, signal });
  if (data === undefined) throw error;
  return data.problems;
}

/** A value once it has stayed the same for a moment. */
function useSettled(value: string): string {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
