import { Button, Tooltip } from "antd";
import { useState } from "react";
import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { useMay, useSession } from "../../../app/session";
import { useAct, useAskReason } from "../../../kit/useAct";
import { ApproveDialog } from "./ApproveDialog";
import { useDraftText } from "./draftText";
import { type Draft, partOf } from "./fourEyes";
import { PromoteDialog } from "./PromoteDialog";
import { SubmitButton } from "./SubmitButton";
import type { Editing } from "./useEditing";
import { changesOf, type useSave } from "./useSave";
import type { Trying } from "./useWhatIf";

export interface ActionsProps {
  draft: Draft;
  trail: components["schemas"]["StepRow"][];
  editing: Editing;
  trying: Trying;
  saving: ReturnType<typeof useSave>;
  mayWrite: boolean;
}

/** What the one who is logged in may do with the draft as it stands. */
export function DraftActions(props: ActionsProps) {
  const { draft, editing, saving, mayWrite } = props;
  const text = useDraftText();
  const manages = useMay("model_manager");
  const decides = useMay("approver", "model_manager");
  const { state } = draft;
  const save = async () => {
    const saved = await saving.save(editing.text, editing.base.version);
    if (saved) editing.rebase(saved);
  };
  const live = state === "open" || state === "submitted" || state === "approved";
  return (
    <>
      {mayWrite && (
        <Button
          type="primary"
          loading={saving.busy}
          disabled={!editing.isDirty || editing.text.trim() === ""}
          onClick={() => void save()}
        >
          {text.save}
        </Button>
      )}
      {mayWrite && <SubmitButton {...props} />}
      {decides && state === "submitted" && <Approve {...props} />}
      {decides && (state === "submitted" || state === "approved") && <Because draft={draft} what="return" />}
      {manages && state === "approved" && <Promote draft={draft} />}
      {manages && live && <Because draft={draft} what="withdraw" />}
    </>
  );
}

function Approve({ draft, trail, editing }: ActionsProps) {
  const text = useDraftText();
  const { subject } = useSession();
  const [open, setOpen] = useState(false);
  const part = partOf(subject, draft, trail, editing.read.definition?.author);
  const why = part && text[`may_not_${part}`];
  return (
    <>
      <Tooltip title={why}>
        <Button type="primary" disabled={part !== null} onClick={() => setOpen(true)}>
          {text.approve}
        </Button>
      </Tooltip>
      {why && <small className="quiet models-why">{why}</small>}
      {open && <ApproveDialog draft={draft} onClose={() => setOpen(false)} />}
    </>
  );
}

function Promote({ draft }: { draft: Draft }) {
  const text = useDraftText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {text.promote}
      </Button>
      {open && <PromoteDialog draft={draft} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Returns or withdraws, with a reason. */
function Because({ draft, what }: { draft: Draft; what: "return" | "withdraw" }) {
  const text = useDraftText();
  const act = useAct();
  const askReason = useAskReason();
  const returns = what === "return";
  const order = async () => {
    const reason = await askReason(returns ? text.give_back_why : text.withdraw_why);
    if (reason === null) return;
    const params = { path: { number: draft.id } };
    await act({
      send: () =>
        returns
          ? classification.call.POST("/v1/drafts/{number}/return", { params, body: { reason } })
          : classification.call.POST("/v1/drafts/{number}/withdraw", { params, body: { reason } }),
      done: returns ? text.given_back : text.withdrawn_done,
      changes: changesOf(draft.id),
    });
  };
  return (
    <Button danger={!returns} onClick={() => void order()}>
      {returns ? text.give_back : text.withdraw}
    </Button>
  );
}
