import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { classification } from "../../../api/client";
import type { Draft } from "./fourEyes";
import type { Problem } from "./problems";
import { type ReadText, readText } from "./yamlText";

const PAUSE_MS = 400;

export interface Editing {
  text: string;
  read: ReadText;
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

/** The text of a draft as it is edited, checked by the service after each pause. */
export function useEditing(draft: Draft, mayWrite: boolean): Editing {
  const [text, write] = useState(draft.text);
  const settled = useSettled(text);
  const read = useMemo(() => readText(text), [text]);
  const isSaved = settled === draft.text;
  const check = useQuery({
    queryKey: ["draft-check", settled],
    queryFn: ({ signal }) => checkText(settled, signal),
    enabled: mayWrite && !isSaved,
    staleTime: 60_000,
  });
  const edit = useCallback((change: (text: string) => string) => write(change), []);
  return {
    text,
    read,
    write,
    edit,
    isDirty: text !== draft.text,
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
