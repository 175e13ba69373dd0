import { profiling } from "../../api/client";
import { useFormats } from "../../i18n/format";
import { useAct, useAskReason } from "../../kit/useAct";
import type { ACTIONS } from "./model";
import { useText } from "./text";

/** Lists and counts that change when something is done with a signal. */
export const SIGNALS = ["signals"] as const;
const CHANGED = [SIGNALS, ["get", "/v1/signals/{signal_id}"], ["get", "/v1/signals/counts"]];

type Action = (typeof ACTIONS)[number];

/** What can be done with one signal; each says what became of it, and true when it was done. */
export function useSignalActs(signalId: string) {
  const text = useText();
  const act = useAct();
  const askReason = useAskReason();
  const path = { signal_id: signalId };
  const params = { path };
  const wake = () =>
    act({
      send: () => profiling.call.DELETE("/v1/signals/{signal_id}/snooze", { params }),
      done: text.woken,
      changes: CHANGED,
    });
  const reopen = (reason: string) =>
    act({
      send: () => profiling.call.POST("/v1/signals/{signal_id}/reopen", { params, body: { reason } }),
      done: text.reopened,
      changes: CHANGED,
    });
  return {
    assign: (assignee: string | null, note: string, done: string) =>
      act({
        send: () =>
          profiling.call.POST("/v1/signals/{signal_id}/assign", {
            params,
            body: { assignee, note },
          }),
        done,
        changes: CHANGED,
      }),
    snooze: (until: string, reason: string) =>
      act({
        send: () =>
          profiling.call.POST("/v1/signals/{signal_id}/snooze", {
            params,
            body: { until, reason },
          }),
        done: text.snoozed(until),
        changes: CHANGED,
        undo: () => void wake(),
      }),
    wake,
    write: (action: Action, note: string) =>
      act({
        send: () => profiling.call.POST("/v1/signals/{signal_id}/act", { params, body: { action, note } }),
        done: text.acted,
        changes: CHANGED,
      }),
    clear: async () => {
      const reason = await askReason(text.clear_title, text.clear_hint);
      if (reason === null) return false;
      return act({
        send: () => profiling.call.POST("/v1/signals/{signal_id}/clear", { params, body: { reason } }),
        done: text.cleared,
        changes: CHANGED,
        undo: () => void reopen(text.reopen_undo),
      });
    },
    reopen: async () => {
      const reason = await askReason(text.reopen_title, text.reopen_hint);
      return reason !== null && reopen(reason);
    },
    judge: (useful: boolean, note: string) =>
      act({
        send: () =>
          profiling.call.POST("/v1/signals/{signal_id}/verdict", {
            params,
            body: { useful, note },
          }),
        done: text.judged,
        changes: [...CHANGED, ["get", "/v1/signals/precision"]],
      }),
    suppress: (until: string, reason: string) =>
      act({
        send: () =>
          profiling.call.POST("/v1/signals/{signal_id}/suppress", {
            params,
            body: { until, reason },
          }),
        done: text.suppressed(until),
        changes: CHANGED,
      }),
    endSuppression: (suppression_id: number) =>
      act({
        send: () =>
          profiling.call.DELETE("/v1/suppressions/{suppression_id}", {
            params: { path: { suppression_id } },
          }),
        done: text.suppression_ended,
        changes: CHANGED,
      }),
  };
}

/** What became of many: those done, and those that had settled or are another's. */
interface Many {
  assigned?: string[];
  cleared?: string[];
  snoozed?: string[];
  not_assigned?: string[];
  not_cleared?: string[];
  not_snoozed?: string[];
}

/** All of them, one after another; a refusal is the answer only where none can wait. */
async function snoozeEach(signalIds: string[], until: string, reason: string) {
  const body = { until, reason };
  const data = { snoozed: [] as string[], not_snoozed: [] as string[] };
  let last: { error?: unknown; response: Response } | undefined;
  for (const signal_id of signalIds) {
    const params = { path: { signal_id } };
    const answer = await profiling.call.POST("/v1/signals/{signal_id}/snooze", { params, body });
    (answer.response.ok ? data.snoozed : data.not_snoozed).push(signal_id);
    if (answer.response.ok || data.snoozed.length === 0) last = answer;
  }
  return { data, error: last?.error, response: last?.response ?? Response.error() };
}

/** What can be done with many signals at once; says how many were done and how many others had settled. */
export function useManyActs(signalIds: string[]) {
  const text = useText();
  const act = useAct();
  const askReason = useAskReason();
  const { count } = useFormats();
  const said = (all: string, many: Many) => {
    const done = (many.assigned ?? many.cleared ?? many.snoozed ?? []).length;
    const not = (many.not_assigned ?? many.not_cleared ?? many.not_snoozed ?? []).length;
    return not === 0 ? all : text.some_not(count(done), count(not));
  };
  return {
    assign: (assignee: string | null, note: string, done: string) =>
      act({
        send: () =>
          profiling.call.POST("/v1/signals/assign", {
            body: { assignee, note, signal_ids: signalIds },
          }),
        done: (data) => said(done, data as Many),
        changes: CHANGED,
      }),
    snooze: (until: string, reason: string) =>
      act({
        send: () => snoozeEach(signalIds, until, reason),
        done: (data) => said(text.snoozed(until), data as Many),
        changes: CHANGED,
      }),
    clear: async () => {
      const reason = await askReason(text.clear_many_title(count(signalIds.length)), text.clear_hint);
      if (reason === null) return false;
      return act({
        send: () =>
          profiling.call.POST("/v1/signals/clear", {
            body: { reason, signal_ids: signalIds },
          }),
        done: (data) => said(text.cleared, data as Many),
        changes: CHANGED,
      });
    },
  };
}
