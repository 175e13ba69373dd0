import { Form, Input, Modal } from "antd";
import { classification } from "../../../api/client";
import { useAct } from "../../../kit/useAct";
import { useDraftText } from "./draftText";
import type { Draft } from "./fourEyes";
import { changesOf } from "./useSave";

/** Approves the document that was read, which its fingerprint names. */
export function ApproveDialog({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const text = useDraftText();
  const act = useAct();
  const [form] = Form.useForm<{ note?: string }>();
  const send = async ({ note = "" }: { note?: string }) => {
    const params = { path: { number: draft.id } };
    const body = { sha256: draft.sha256 ?? "", note };
    const post = () => classification.call.POST("/v1/drafts/{number}/approve", { params, body });
    await act({ send: post, done: text.approved_done, changes: changesOf(draft.id) });
    onClose();
  };
  return (
    <Modal open title={text.approve} okText={text.approve} onOk={form.submit} onCancel={onClose}>
      <p>{text.approve_hint}</p>
      <p>
        <code className="models-hash">{draft.sha256}</code>
      </p>
      <Form form={form} layout="vertical" onFinish={(filled) => void send(filled)}>
        <Form.Item name="note" label={text.approve_note}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
