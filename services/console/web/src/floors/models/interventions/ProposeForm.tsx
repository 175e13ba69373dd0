import { Form, Input, Modal, Radio } from "antd";
import { classification } from "../../../api/client";
import { useWords } from "../../../i18n/words";
import { ClassTag } from "../../../kit/ClassTag";
import { useAct } from "../../../kit/useAct";
import { today } from "../reads";
import { useInterventionText } from "./interventionText";
import { CHANGES } from "./states";

interface Filled {
  uscc: string;
  risk_class: "A" | "B" | "C" | "D";
  reason: string;
  evidence: string;
  expires_on: string;
}

/** Proposes the class of one entity, with reason, evidence and last day. */
export function ProposeForm({ uscc, onClose }: { uscc: string | undefined; onClose: () => void }) {
  const text = useInterventionText();
  const act = useAct();
  const [form] = Form.useForm<Filled>();
  const send = async ({ evidence, ...said }: Filled) => {
    const body = { ...said, evidence: linesOf(evidence) };
    const post = () => classification.call.POST("/v1/interventions", { body });
    if (await act({ send: post, done: text.proposed_done, changes: CHANGES })) onClose();
  };
  return (
    <Modal open title={text.propose} okText={text.propose} onOk={form.submit} onCancel={onClose}>
      <Form<Filled>
        form={form}
        layout="vertical"
        initialValues={{ uscc }}
        onFinish={(filled) => void send(filled)}
      >
        <Fields />
      </Form>
    </Modal>
  );
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((each) => each.trim())
    .filter(Boolean);
}

function Fields() {
  const text = useInterventionText();
  const words = useWords();
  const letters = ["A", "B", "C", "D"].map((value) => ({ value, label: <ClassTag value={value} /> }));
  return (
    <>
      <Form.Item
        name="uscc"
        label={text.entity}
        rules={[{ required: true, pattern: /^[0-9A-Z]{18}$/, message: text.entity_needed }]}
      >
        <Input maxLength={18} />
      </Form.Item>
      <Form.Item
        name="risk_class"
        label={text.risk_class}
        rules={[{ required: true, message: text.risk_class }]}
      >
        <Radio.Group options={letters} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={words.reason}
        rules={[{ required: true, min: 3, message: words.reason_short }]}
      >
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
      <Form.Item
        name="evidence"
        label={text.evidence}
        extra={text.evidence_hint}
        rules={[{ required: true, whitespace: true, message: text.evidence_needed }]}
      >
        <Input.TextArea rows={2} />
      </Form.Item>
      <Form.Item
        name="expires_on"
        label={text.expires}
        rules={[{ required: true, message: text.expires_needed }]}
      >
        <Input type="date" min={today()} />
      </Form.Item>
    </>
  );
}
