import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useCallback } from "react";
import { newKey } from "../api/keys";
import { useWords } from "../i18n/words";
import { useTellProblem } from "./useTellProblem";

type Answer = { data?: unknown; error?: unknown; response: Response };

interface Act {
  /** Sends it; `openapi-fetch`'s answer is taken as it is. */
  send: () => Promise<Answer>;
  /** What to say when it is done; may depend on what was answered. */
  done: string | ((data: unknown) => string);
  /** Lists and things that are read anew. */
  changes: readonly (readonly unknown[])[];
  /** Takes it back, where that is possible; offered for some seconds. */
  undo?: () => void;
}

/** Does something that changes the system: says that it is done, or why not; true when done. */
export function useAct(): (act: Act) => Promise<boolean> {
  const { notification } = App.useApp();
  const client = useQueryClient();
  const words = useWords();
  const tellProblem = useTellProblem();
  return useCallback(
    async ({ send, done, changes, undo }) => {
      const answer = await send().catch((error: unknown) => ({ error, response: null, data: undefined }));
      const { error, response, data } = answer;
      await Promise.all(changes.map((queryKey) => client.invalidateQueries({ queryKey })));
      if (error !== undefined || !response?.ok) {
        tellProblem(error);
        return false;
      }
      const key = newKey();
      const takeBack = () => {
        notification.destroy(key);
        undo?.();
      };
      const actions = undo && <Button onClick={takeBack}>{words.undo}</Button>;
      notification.success({
        key,
        title: typeof done === "string" ? done : done(data),
        actions,
        duration: undo ? 10 : 4,
      });
      return true;
    },
    [client, notification, tellProblem, words],
  );
}

/** Asks for a reason before something that hurts; the reason, or null when the person thinks better of it. */
export function useAskReason(): (title: string, hint?: string) => Promise<string | null> {
  const { modal } = App.useApp();
  const words = useWords();
  return (title, hint) =>
    new Promise((resolve) => {
      let reason = "";
      const dialog = modal.confirm({
        title,
        okText: words.confirm,
        cancelText: words.cancel,
        okButtonProps: { disabled: true },
        content: (
          <>
            {hint && <p>{hint}</p>}
            <Input.TextArea
              autoFocus
              rows={3}
              maxLength={1000}
              aria-label={words.reason}
              placeholder={words.reason_short}
              onChange={({ target }) => {
                reason = target.value.trim();
                dialog.update({ okButtonProps: { disabled: reason.length < 3 } });
              }}
            />
          </>
        ),
        onOk: () => resolve(reason),
        onCancel: () => resolve(null),
      });
    });
}
