import { App, Button, Tooltip } from "antd";
import { classification } from "../../../api/client";
import { useAct } from "../../../kit/useAct";
import type { ActionsProps } from "./DraftActions";
import { useDraftText } from "./draftText";
import { changesOf } from "./useSave";

/** Submits the draft; where its cuts come from shares, with the what-if of this text that took them. */
export function SubmitButton({ draft, editing, trying }: ActionsProps) {
  const text = useDraftText();
  const act = useAct();
  const { modal } = App.useApp();
  const scale = editing.read.definition?.scale;
  const needsTry = scale?.shares !== undefined && scale.cuts === undefined;
  const what_if_id = needsTry && trying.isOfThis ? trying.answer?.id : undefined;
  const why =
    editing.isDirty || draft.problems.length > 0
      ? text.submit_needs
      : needsTry && what_if_id === undefined
        ? text.submit_needs_try
        : undefined;
  const params = { path: { number: draft.id } };
  const body = { version: draft.version, ...(what_if_id === undefined ? {} : { what_if_id }) };
  const submit = () =>
    modal.confirm({
      title: text.submit,
      content: text.submit_hint,
      okText: text.submit,
      onOk: () =>
        act({
          send: () => classification.call.POST("/v1/drafts/{number}/submit", { params, body }),
          done: text.submitted_done,
          changes: changesOf(draft.id),
        }),
    });
  return (
    <Tooltip title={why}>
      <Button disabled={why !== undefined} onClick={submit}>
        {text.submit}
      </Button>
    </Tooltip>
  );
}
