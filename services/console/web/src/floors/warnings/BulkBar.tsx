import { Button, Checkbox, Flex } from "antd";
import { useState } from "react";
import { useMay, useSession } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { AssignDialog, SnoozeDialog } from "./dialogs";
import { useText } from "./text";
import { useManyActs } from "./useSignalActs";

interface Props {
  /** Those that the list shows. */
  shown: string[];
  picked: string[];
  onPick: (picked: string[]) => void;
}

/** What can be done with the signals that were picked. */
export function BulkBar({ shown, picked, onPick }: Props) {
  const text = useText();
  const { count } = useFormats();
  const { subject } = useSession();
  const maySettle = useMay("city_administrator", "area_officer");
  const acts = useManyActs(picked);
  const [open, setOpen] = useState<"assign" | "snooze" | null>(null);
  const then = async (doing: Promise<boolean>) => {
    const done = await doing;
    if (done) onPick([]);
    return done;
  };
  const none = picked.length === 0;
  return (
    <Flex gap={8} align="center" wrap className="bulk no-print" role="toolbar" aria-label={text.list}>
      <Checkbox
        checked={!none && picked.length === shown.length}
        indeterminate={!none && picked.length < shown.length}
        onChange={({ target }) => onPick(target.checked ? shown : [])}
      >
        {text.pick_all}
      </Checkbox>
      <Button disabled={none} onClick={() => void then(acts.assign(subject, "", text.taken))}>
        {text.take}
      </Button>
      {maySettle && (
        <>
          <Button disabled={none} onClick={() => setOpen("assign")}>
            {text.assign}
          </Button>
          <Button disabled={none} onClick={() => setOpen("snooze")}>
            {text.snooze}
          </Button>
          <Button disabled={none} onClick={() => void then(acts.clear())}>
            {text.clear}
          </Button>
        </>
      )}
      <span className="quiet" aria-live="polite">
        {none ? text.keys : text.selected(count(picked.length))}
      </span>
      <AssignDialog
        open={open === "assign"}
        onClose={() => setOpen(null)}
        onSend={({ assignee, note }) => then(acts.assign(assignee, note ?? "", text.assigned))}
      />
      <SnoozeDialog
        open={open === "snooze"}
        onClose={() => setOpen(null)}
        onSend={({ until, reason }) => then(acts.snooze(until, reason))}
      />
    </Flex>
  );
}
