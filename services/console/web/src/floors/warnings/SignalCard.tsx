import { Flex } from "antd";
import { usePersonName } from "../../api/people";
import { DueDay } from "../../kit/DueDay";
import { About, Happened } from "./columns";
import type { Signal } from "./model";
import { SeverityTag } from "./Severity";
import { useText } from "./text";

/** A signal as a card, for a phone. */
export function SignalCard({ signal }: { signal: Signal }) {
  const text = useText();
  const personName = usePersonName();
  return (
    <div className="card">
      <Flex justify="space-between" align="start" gap={8}>
        <Happened signal={signal} />
        <SeverityTag value={signal.severity} />
      </Flex>
      <About signal={signal} />
      <Flex justify="space-between" gap={8} wrap>
        <DueDay day={signal.due_on} settled={signal.state === "cleared"} />
        <span className="quiet">{signal.assignee ? personName(signal.assignee) : text.nobody}</span>
      </Flex>
    </div>
  );
}
