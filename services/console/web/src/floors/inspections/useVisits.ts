import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { sampling } from "../../api/client";
import { usePersonName } from "../../api/people";
import { problemOf } from "../../api/problem";
import { useMay, useSession } from "../../app/session";
import { useNamed } from "../../i18n/language";
import { wordFor } from "../../i18n/words";
import { useTellProblem } from "../../kit/useTellProblem";
import { draftsOf, forgetDraft, keepDraft, resultOf, type VisitDraft } from "./drafts";
import { letterOf, TASKS, type Task } from "./model";
import { useText } from "./text";

const CHANGED = [TASKS, ["get", "/v1/tasks/{task_id}"], ["get", "/v1/tasks/counts"]];

/** The results that a visit can have, read once. */
export function useResultCodes() {
  return sampling.useQuery("get", "/v1/result-codes", {}, { staleTime: Number.POSITIVE_INFINITY });
}

/** Names a result by its code. */
export function useResultName(): (code: string) => string {
  const { data } = useResultCodes();
  const named = useNamed();
  return (code) => {
    const found = data?.find((each) => each.code === code);
    return found ? named(found) : code;
  };
}

/** Why an entity was drawn, in words. */
export function useWhy(): (stratum: string) => string {
  const text = useText();
  return (stratum) => {
    const letter = letterOf(stratum);
    return letter === null ? wordFor(text, stratum) : text.by_class(letter);
  };
}

/** Whether the one who is logged in may record what was found: the team, or an officer. */
export function useMayRecord(): (task: Task) => boolean {
  const { subject } = useSession();
  const officer = useMay("area_officer", "city_administrator");
  const inspector = useMay("inspector");
  return (task) => task.state === "assigned" && (officer || (inspector && task.inspectors.includes(subject)));
}

async function sent(taskId: string, draft: VisitDraft) {
  const params = { path: { task_id: taskId }, header: { "idempotency-key": draft.key } };
  const answer = await sampling.call
    .POST("/v1/tasks/{task_id}/result", { params, body: resultOf(draft) })
    .catch((error: unknown) => ({ error }));
  return answer.error === undefined ? null : problemOf(answer.error);
}

/** Sends a result; without a network it stays here and is sent later. True when it was sent. */
export function useSendResult(): (taskId: string, draft: VisitDraft) => Promise<boolean> {
  const text = useText();
  const { subject } = useSession();
  const { notification } = App.useApp();
  const client = useQueryClient();
  const tellProblem = useTellProblem();
  return useCallback(
    async (taskId, draft) => {
      const problem = await sent(taskId, draft);
      const later = problem !== null && (problem.status === 0 || problem.status >= 500);
      if (problem === null) forgetDraft(window.localStorage, subject, taskId);
      else keepDraft(window.localStorage, subject, taskId, { ...draft, toSend: later });
      await Promise.all(CHANGED.map((queryKey) => client.invalidateQueries({ queryKey })));
      if (problem === null) notification.success({ title: text.sent });
      else if (later) notification.warning({ title: text.kept });
      else tellProblem(problem, text.not_sent);
      return problem === null;
    },
    [client, notification, tellProblem, subject, text],
  );
}

/** Sends what waits in this browser: now, and whenever there is a network again. */
export function useOutbox(): void {
  const { subject } = useSession();
  const send = useRef(useSendResult());
  useEffect(() => {
    const flush = async () => {
      for (const [taskId, draft] of draftsOf(window.localStorage, subject))
        if (draft.toSend) await send.current(taskId, draft);
    };
    if (navigator.onLine) void flush();
    const online = () => void flush();
    window.addEventListener("online", online);
    return () => window.removeEventListener("online", online);
  }, [subject]);
}

/** The team of a visit by name. */
export function useTeamNames(): (task: Task) => string[] {
  const personName = usePersonName();
  return (task) => task.inspectors.map(personName);
}
