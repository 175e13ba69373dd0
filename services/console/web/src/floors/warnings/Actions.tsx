import { Button } from "antd";
import { useState } from "react";
import { useMay, useSession } from "../../app/session";
import { ActDialog, AssignDialog, SnoozeDialog } from "./dialogs";
import type { SignalFile } from "./model";
import { useText } from "./text";
import { useSignalActs } from "./useSignalActs";

type Open = "assign" | "snooze" | "act" | null;

/** What the one who looks at a signal may do with it now. */
export function Actions({ file }: { file: SignalFile }) {
  const text = useText();
  const { subject } = useSession();
  const mayWork = useMay("city_administrator", "area_officer", "inspector");
  const maySettle = useMay("city_administrator", "area_officer");
  const acts = useSignalActs(file.signal_id);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  if (!mayWork) return null;
  if (file.state === "cleared")
    return maySettle && file.cleared_by ? (
      <Button onClick={() => void acts.reopen()}>{text.reopen}</Button>
    ) : null;
  if (file.state === "suppressed") return null;
  const mine = file.assignee === subject;
  const mayTake = maySettle || file.assignee === null;
  return (
    <>
      {!mine && mayTake && (
        <Button onClick={() => void acts.assign(subject, "", text.taken)}>{text.take}</Button>
      )}
      {mine && <Button onClick={() => void acts.assign(null, "", text.given_back)}>{text.give_back}</Button>}
      {maySettle && <Button onClick={() => setOpen("assign")}>{text.assign}</Button>}
      <Button onClick={() => setOpen("act")}>{text.act}</Button>
      {maySettle && file.state === "snoozed" && <Button onClick={() => void acts.wake()}>{text.wake}</Button>}
      {maySettle && file.state === "open" && <Button onClick={() => setOpen("snooze")}>{text.snooze}</Button>}
      {maySettle && (
        <Button type="primary" onClick={() => void acts.clear()}>
          {text.clear}
        </Button>
      )}
      <AssignDialog
        area={file.area_code}
        open={open === "assign"}
        onClose={close}
        onSend={({ assignee, note }) => acts.assign(assignee, note ?? "", text.assigned)}
      />
      <SnoozeDialog
        open={open === "snooze"}
        onClose={close}
        onSend={({ until, reason }) => acts.snooze(until, reason)}
      />
      <ActDialog
        open={open === "act"}
        onClose={close}
        onSend={({ action, note }) => acts.write(action, note ?? "")}
      />
    </>
  );
}
