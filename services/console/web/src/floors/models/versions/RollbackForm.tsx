import { Form, Input, Modal, Select } from "antd";
import { classification } from "../../../api/client";
import { useModelName } from "../../../api/models";
import { useWords } from "../../../i18n/words";
import { useAct } from "../../../kit/useAct";
import { useText } from "../text";
import { codeOf, numberOf, type Stood } from "./standing";

interface Filled {
  to: string;
  day: string;
  reason: string;
}

interface Props {
  versions: Stood[];
  changes: string[][];
  onClose: () => void;
}

/** To which version, from which day on, and why. */
export function RollbackForm({ versions, changes, onClose }: Props) {
  const text = useText();
  const words = useWords();
  const act = useAct();
  const modelName = useModelName();
  const [form] = Form.useForm<Filled>();
  const options = versions
    .filter(({ standing, live }) => standing !== "in_force" && live !== null)
    .map(({ model }) => ({ value: model.id, label: modelName(model.id) }));
  const send = async ({ to, day, reason }: Filled) => {
    const body = { to_version: numberOf(to), day, reason };
    const params = { path: { code: codeOf(to) } };
    const post = () => classification.call.POST("/v1/models/{code}/rollback", { params, body });
    if (await act({ send: post, done: text.rollback_done, changes })) onClose();
  };
  const needed = [{ required: true, message: " " }];
  return (
    <Modal open title={text.propose_rollback} onCancel={onClose} onOk={form.submit} okText={words.confirm}>
      <Form form={form} layout="vertical" onFinish={(filled) => void send(filled)}>
        <Form.Item name="to" label={text.rollback_to} rules={needed}>
          <Select options={options} notFoundContent={text.no_earlier} />
        </Form.Item>
        <Form.Item name="day" label={text.from_day} rules={needed}>
          <Input type="date" />
        </Form.Item>
        <Form.Item
          name="reason"
          label={words.reason}
          rules={[{ required: true, min: 3, message: words.reason_short }]}
        >
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
