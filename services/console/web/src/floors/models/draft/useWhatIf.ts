import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { useMay } from "../../../app/session";
import type { Draft } from "./fourEyes";
import type { Editing } from "./useEditing";

export type Answer = components["schemas"]["Answer"];
export type Copy = components["schemas"]["SnapshotShown"];

export interface Trying {
  mayTry: boolean;
  /** The newest working copy of the city; null where there is none, undefined until it is read. */
  copy: Copy | null | undefined;
  answer: Answer | undefined;
  seconds: number | undefined;
  /** Whether the answer is about the text as it stands. */
  isOfThis: boolean;
  isTrying: boolean;
  error: unknown;
  live: boolean;
  setLive: (live: boolean) => void;
  tryNow: () => void;
}

/** What the draft would do to the city: asked anew as the text changes, the question before it given up. */
export function useWhatIf(draft: Draft, editing: Editing): Trying {
  const mayTry = useMay("model_manager", "city_administrator");
  const [live, setLive] = useState(true);
  const [pressed, press] = useState<string | null>(null);
  const copy = useCopy(mayTry);
  const { settled, problems, isChecking } = editing;
  const [touched, touch] = useState(false);
  if (!touched && settled !== draft.text) touch(true);
  const target = live && (touched || pressed !== null) ? settled : pressed;
  const isRight = target !== settled || (!isChecking && problems?.length === 0);
  const asking = useQuery({
    queryKey: ["what-if", target, copy?.id],
    queryFn: ({ signal }) => ask(target ?? "", copy?.id, signal),
    enabled: mayTry && !!copy && target !== null && isRight,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return {
    mayTry,
    copy,
    answer: asking.data?.answer,
    seconds: asking.data?.seconds,
    isOfThis: !asking.isPlaceholderData && target === editing.text && asking.data !== undefined,
    isTrying: asking.isFetching,
    error: asking.error,
    live,
    setLive: (on) => {
      if (!on) press(target);
      setLive(on);
    },
    tryNow: () => (target === settled ? void asking.refetch() : press(settled)),
  };
}

async function ask(
  model: string,
  snapshot_id: number | undefined,
  signal: AbortSignal,
): Promise<{ answer: Answer; seconds: number }> {
  const begun = performance.now();
  const { data, error } = await classification.call.POST("/v1/models/what-if", {
    body: { model, snapshot_id } as components["schemas"]["Question"],
    signal,
  });
  if (data === undefined) throw error;
  return { answer: data, seconds: (performance.now() - begun) / 1000 };
}

function useCopy(mayTry: boolean): Copy | null | undefined {
  const query = { limit: 5 };
  const { data } = classification.useQuery(
    "get",
    "/v1/snapshots",
    { params: { query } },
    { enabled: mayTry },
  );
  return data && (data.items.find(({ is_complete }) => is_complete) ?? null);
}
