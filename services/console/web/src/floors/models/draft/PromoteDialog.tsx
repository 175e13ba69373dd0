import { Form, Input, Modal } from "antd";
import { classification } from "../../../api/client";
import { daysLater } from "../../../kit/days";
import { useAct } from "../../../kit/useAct";
import { useToday } from "../../../kit/useToday";
import { useDraftText } from "./draftText";
import type { Draft } from "./fourEyes";
import { changesOf } from "./useSave";

/** Chooses the day from which the approved draft judges: tomorrow, unless another is chosen. */
export function PromoteDialog({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const text = useDraftText();
  const act = useAct();
  const [form] = Form.useForm<{ day: string }>();
  const tomorrow = daysLater(useToday(), 1);
  const send = async ({ day }: { day: string }) => {
    const params = { path: { number: draft.id } };
    const post = () => classification.call.POST("/v1/drafts/{number}/promote", { params, body: { day } });
    if (await act({ send: post, done: text.promoted_done, changes: changesOf(draft.id) })) onClose();
  };
  return (
    <Modal open title={text.promote} okText={text.promote} onOk={form.submit} onCancel={onClose}>
      <p>{text.promote_hint}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ day: tomorrow }}
        onFinish={(filled) => void send(filled)}
      >
        <Form.Item name="day" label={text.promote_day} rules={[{ required: true, message: " " }]}>
          <Input type="date" min={tomorrow} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
