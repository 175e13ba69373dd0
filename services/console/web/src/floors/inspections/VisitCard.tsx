import { Button, Flex, Tag } from "antd";
import { Link } from "react-router";
import { DueDay } from "../../kit/DueDay";
import type { VisitDraft } from "./drafts";
import type { Task } from "./model";
import { useText } from "./text";
import { useMayRecord, useResultName } from "./useVisits";
import { Address, Items, Why } from "./Visit";

/** A visit as a card: whom, where, why, what, and by when. */
export function VisitCard({ task, draft }: { task: Task; draft?: VisitDraft }) {
  const text = useText();
  const resultName = useResultName();
  const mayRecord = useMayRecord()(task);
  const path = `/inspections/${task.task_id}`;
  return (
    <div className="card">
      <Flex justify="space-between" gap={8} align="start">
        <Link to={path} className="visit-name">
          {task.name || task.uscc}
        </Link>
        {draft && <Tag color="gold">{draft.toSend ? text.to_send : text.draft}</Tag>}
      </Flex>
      <Address address={task.address} />
      <Why task={task} />
      <Items codes={task.items} />
      {task.result_codes && <strong>{task.result_codes.map(resultName).join("、")}</strong>}
      <Flex justify="space-between" gap={8} align="center">
        <span>
          <span className="quiet">{text.due}</span>{" "}
          <DueDay day={task.due_on} settled={task.state === "done"} />
        </span>
        {mayRecord && (
          <Link to={path} className="no-print">
            <Button type="primary" tabIndex={-1}>
              {text.record}
            </Button>
          </Link>
        )}
      </Flex>
    </div>
  );
}
