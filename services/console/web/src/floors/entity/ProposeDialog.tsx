import { Form, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { classification } from "../../api/client";
import type { components } from "../../api/generated/classification";
import { useWords } from "../../i18n/words";
import { businessDay } from "../../kit/days";
import { useAct } from "../../kit/useAct";
import { EvidenceSelect } from "./EvidenceSelect";
import { usePeopleText } from "./peopleText";

type Order = Omit<components["schemas"]["AdjustmentOrder"], "uscc">;

/** Proposes the class that a person holds right; somebody else approves it. */
export function ProposeDialog({ uscc, onClose }: { uscc: string; onClose: () => void }) {
  const text = usePeopleText();
  const words = useWords();
  const [form] = Form.useForm<Order>();
  const { propose, sending } = usePropose(uscc, onClose);
  return (
    <Modal
      open
      title={text.propose}
      okText={text.submit}
      cancelText={words.cancel}
      confirmLoading={sending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p className="quiet">{text.propose_hint}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(order) => void propose(order)}>
        <Form.Item name="risk_class" label={text.to} rules={[{ required: true, message: text.needed }]}>
          <Radio.Group optionType="button" options={["A", "B", "C", "D"]} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={text.reason}
          rules={[{ required: true, min: 3, message: words.reason_short }]}
        >
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        <Form.Item name="evidence" label={text.evidence} rules={[{ required: true, message: text.needed }]}>
          <EvidenceSelect uscc={uscc} />
        </Form.Item>
        <Form.Item name="expires_on" label={text.expires} rules={[{ required: true, message: text.needed }]}>
          <Input type="date" min={businessDay(new Date())} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function usePropose(uscc: string, onDone: () => void) {
  const text = usePeopleText();
  const act = useAct();
  const [sending, setSending] = useState(false);
  const propose = async (order: Order) => {
    setSending(true);
    const done = await act({
      send: () => classification.call.POST("/v1/interventions", { body: { uscc, ...order } }),
      done: text.proposed,
      changes: [["interventions", "of", uscc], ["get"]],
    });
    setSending(false);
    if (done) onDone();
  };
  return { propose, sending };
}
