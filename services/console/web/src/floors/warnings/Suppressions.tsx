import { Button, Card, Flex } from "antd";
import { useState } from "react";
import { usePersonName } from "../../api/people";
import { useMay } from "../../app/session";
import { SuppressDialog } from "./dialogs";
import type { SignalFile } from "./model";
import { useText } from "./text";
import { useSignalActs } from "./useSignalActs";

/** Whether this family is told of this entity, and how to have it not told for a time. */
export function Suppressions({ file }: { file: SignalFile }) {
  const text = useText();
  const may = useMay("city_administrator", "area_officer");
  const acts = useSignalActs(file.signal_id);
  const [open, setOpen] = useState(false);
  return (
    <Card
      title={<h2>{text.suppressions}</h2>}
      extra={may && <Button onClick={() => setOpen(true)}>{text.suppress}</Button>}
    >
      {file.suppressions.length === 0 ? (
        <p className="quiet">{text.no_suppressions}</p>
      ) : (
        <ul className="plain">
          {file.suppressions.map((each) => (
            <One
              key={each.suppression_id}
              suppression={each}
              onEnd={may ? () => void acts.endSuppression(each.suppression_id) : undefined}
            />
          ))}
        </ul>
      )}
      <SuppressDialog
        open={open}
        onClose={() => setOpen(false)}
        onSend={({ until, reason }) => acts.suppress(until, reason)}
      />
    </Card>
  );
}

interface OneProps {
  suppression: SignalFile["suppressions"][number];
  onEnd?: () => void;
}

function One({ suppression, onEnd }: OneProps) {
  const text = useText();
  const personName = usePersonName();
  const past = suppression.ended_at ? text.ended : text.past;
  return (
    <li>
      <Flex justify="space-between" gap={8}>
        <div className="two-lines">
          <span>
            {text.until(suppression.until)}{" "}
            {!suppression.in_force && <span className="quiet">（{past}）</span>}
          </span>
          <span>{suppression.reason}</span>
          <span className="quiet">{text.by(personName(suppression.made_by))}</span>
        </div>
        {suppression.in_force && onEnd && <Button onClick={onEnd}>{text.end_suppression}</Button>}
      </Flex>
    </li>
  );
}
