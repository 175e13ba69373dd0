import { Button, Card, Flex, Tag, Typography } from "antd";
import { notification } from "../../api/client";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { useAct } from "../../kit/useAct";
import { CLUES, type Clue, heapOf } from "./clues";
import { useOutsideText } from "./text";

const URGENCY: Record<string, string> = { alarm: "error", warning: "warning", notice: "default" };

/** One clue: who, about what, by when; and how to answer it. */
export function ClueCard({ clue, onAnswer }: { clue: Clue; onAnswer: () => void }) {
  const text = useOutsideText();
  const { day } = useFormats();
  return (
    <Card>
      <Flex justify="space-between" align="start" gap={8}>
        <Typography.Title level={2}>{clue.name || clue.uscc}</Typography.Title>
        <State clue={clue} />
      </Flex>
      <dl className="facts">
        <dt>{text.about}</dt>
        <dd>
          {wordFor(text, clue.kind)} <Tag color={URGENCY[clue.severity]}>{wordFor(text, clue.severity)}</Tag>
        </dd>
        <dt>{text.due}</dt>
        <dd>{day(clue.due_on)}</dd>
        <dt>{text.operator}</dt>
        <dd>{clue.uscc}</dd>
        <dt>{text.legal_basis}</dt>
        <dd>{clue.legal_basis}</dd>
        <dt>{text.digest}</dt>
        <dd className="digest">{clue.evidence_digest}</dd>
        {clue.action && <dt>{text.your_answer}</dt>}
        {clue.action && <dd>{[wordFor(text, clue.action), clue.remark].filter(Boolean).join("：")}</dd>}
      </dl>
      {heapOf(clue) === "to_answer" && <Answers clue={clue} onAnswer={onAnswer} />}
    </Card>
  );
}

function State({ clue }: { clue: Clue }) {
  const text = useOutsideText();
  if (clue.state === "overdue") return <Tag color="error">{text.overdue}</Tag>;
  if (clue.state === "answered") return <Tag color="success">{text.answered}</Tag>;
  if (clue.state === "acknowledged") return <Tag color="processing">{text.acknowledged_clue}</Tag>;
  return <Tag>{clue.state === "withdrawn" ? text.withdrawn : text.delivered_clue}</Tag>;
}

function Answers({ clue, onAnswer }: { clue: Clue; onAnswer: () => void }) {
  const text = useOutsideText();
  const act = useAct();
  const confirm = () =>
    act({
      send: () =>
        notification.call.POST("/v1/clues/{clue_id}/answer", {
          params: { path: { clue_id: clue.clue_id } },
          body: { action: "acknowledged", remark: "" },
        }),
      done: text.receipt_done,
      changes: [CLUES],
    });
  return (
    <Flex gap={8} className="no-print">
      {clue.action === null && <Button onClick={() => void confirm()}>{text.confirm_receipt}</Button>}
      <Button type="primary" onClick={onAnswer}>
        {text.answer}
      </Button>
    </Flex>
  );
}
