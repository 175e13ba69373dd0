import { Form, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { notification } from "../../api/client";
import type { components } from "../../api/generated/notification";
import { useWords } from "../../i18n/words";
import { useAct } from "../../kit/useAct";
import { CLUES, type Clue } from "./clues";
import { useOutsideText } from "./text";

type Answer = components["schemas"]["AnswerBody"];

/** What settles a clue; that it was received is said by a button of its own. */
const FINAL = ["warned", "rectified", "delisted", "not_ours"] as const;

/** Asks what was done about a clue, and sends it. */
export function AnswerDialog({ clue, close }: { clue: Clue; close: () => void }) {
  const text = useOutsideText();
  const words = useWords();
  const act = useAct();
  const [form] = Form.useForm<Answer>();
  const [busy, setBusy] = useState(false);
  const submit = async (body: Answer) => {
    setBusy(true);
    const params = { path: { clue_id: clue.clue_id } };
    const send = () => notification.call.POST("/v1/clues/{clue_id}/answer", { params, body });
    if (await act({ send, done: text.sent, changes: [CLUES] })) close();
    setBusy(false);
  };
  return (
    <Modal
      open
      title={`${text.answer}：${clue.name || clue.uscc}`}
      okText={words.confirm}
      cancelText={words.cancel}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={submit}
        initialValues={{ remark: "" }}
        requiredMark={false}
      >
        <Form.Item name="action" label={text.what_was_done} extra={text.final} rules={[{ required: true }]}>
          <Radio.Group className="choices" options={FINAL.map((value) => ({ value, label: text[value] }))} />
        </Form.Item>
        <Form.Item name="remark" label={text.remark}>
          <Input.TextArea rows={3} maxLength={2000} showCount placeholder={text.remark_hint} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
