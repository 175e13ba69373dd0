import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { classification } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { useTellProblem } from "../../../kit/useTellProblem";
import { useDraftText } from "./draftText";
import type { Draft } from "./fourEyes";

const EDITED_SINCE = 412;

/** Reads one draft. */
export function draftQuery(number: number) {
  return classification.queryOptions("get", "/v1/drafts/{number}", { params: { path: { number } } });
}

/** What is read anew after a draft moved. */
export function changesOf(number: number) {
  return [
    draftQuery(number).queryKey,
    ["get", "/v1/drafts"],
    ["get", "/v1/drafts/{number}/diff"],
    ["get", "/v1/drafts/{number}/trail"],
    ["get", "/v1/drafts/{number}/shadow"],
    ["get", "/v1/models"],
  ] as const;
}

/** Saves a text over the version it was begun from; where somebody saved since, gives theirs to be chosen from. */
export function useSave(draft: Draft) {
  const text = useDraftText();
  const client = useQueryClient();
  const { notification } = App.useApp();
  const tellProblem = useTellProblem();
  const [theirs, setTheirs] = useState<Draft | null>(null);
  const [busy, setBusy] = useState(false);
  const number = draft.id;
  const save = async (written: string, over: number): Promise<Draft | null> => {
    setBusy(true);
    const { data, error } = await put(number, written, over).finally(() => setBusy(false));
    if (data) {
      client.setQueryData(draftQuery(number).queryKey, data);
      setTheirs(null);
      notification.success({ title: text.saved, duration: 3 });
      await Promise.all(
        changesOf(number)
          .slice(1)
          .map((queryKey) => client.invalidateQueries({ queryKey })),
      );
    } else if (problemOf(error).status === EDITED_SINCE) {
      setTheirs(await client.fetchQuery({ ...draftQuery(number), staleTime: 0 }));
    } else {
      tellProblem(error);
    }
    return data ?? null;
  };
  return { save, busy, theirs, forget: () => setTheirs(null) };
}

function put(number: number, text: string, over: number) {
  const header = { "If-Match": `"${over}"` };
  return classification.call
    .PUT("/v1/drafts/{number}", { params: { path: { number }, header }, body: { text } })
    .catch((error: unknown) => ({ data: undefined, error }));
}
