import { Form, Input, Radio } from "antd";
import { classification } from "../api/client";
import type { components } from "../api/generated/classification";
import { useWords } from "../i18n/words";
import { ClassTag } from "../kit/ClassTag";
import { FormDialog } from "../kit/FormDialog";
import { useAct } from "../kit/useAct";
import { useToday } from "../kit/useToday";
import { CodeField, useWholeCode } from "./CodeField";
import { EvidenceSelect } from "./EvidenceSelect";
import { useDialogText } from "./text";

type Order = components["schemas"]["AdjustmentOrder"];

interface Props {
  open: boolean;
  onClose: () => void;
  /** The entity, where it is known already. */
  uscc?: string;
  /** The entity it is likely about; whoever proposes sees its code, and may name another. */
  likely?: string;
}

/** Proposes the class that a person holds right; somebody else approves it. */
export function ProposeDialog({ open, onClose, uscc, likely }: Props) {
  const text = useDialogText();
  const act = useAct();
  const send = (body: Order) =>
    act({
      send: () => classification.call.POST("/v1/interventions", { body }),
      done: text.proposed,
      changes: [["interventions"], ["get"]],
    });
  return (
    <FormDialog<Order>
      title={text.propose}
      hint={text.propose_hint}
      okText={text.submit}
      open={open}
      onClose={onClose}
      onSend={send}
      initialValues={{ uscc: uscc ?? likely }}
    >
      <CodeField known={uscc} />
      <Particulars known={uscc} />
    </FormDialog>
  );
}

const CLASSES = ["A", "B", "C", "D"].map((value) => ({ value, label: <ClassTag value={value} /> }));

function Particulars({ known }: { known: string | undefined }) {
  const text = useDialogText();
  const words = useWords();
  const today = useToday();
  const uscc = useWholeCode(known);
  const needed = [{ required: true, message: text.needed }];
  if (uscc === undefined) return null;
  return (
    <>
      <Form.Item name="risk_class" label={text.to} rules={needed}>
        <Radio.Group options={CLASSES} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={words.reason}
        rules={[{ required: true, min: 3, message: words.reason_short }]}
      >
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
      <Form.Item name="evidence" label={text.evidence} rules={needed}>
        <EvidenceSelect uscc={uscc} />
      </Form.Item>
      <Form.Item name="expires_on" label={text.expires} rules={needed}>
        <Input type="date" min={today} />
      </Form.Item>
    </>
  );
}
