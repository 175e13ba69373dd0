import { Form, Input, Modal } from "antd";
import { useState } from "react";
import { useWords } from "../../i18n/words";
import { useAct } from "../../kit/useAct";
import { type Account, scopeOf } from "./accounts";
import { useAccountsText } from "./accountsText";
import { AreaField } from "./NewAccount";
import { ACCOUNTS, sendOwn } from "./useAccountActs";

interface Changed {
  display_name: string;
  area: string | null;
  reason?: string;
}

/** Changes the name of an account and, where its role is bound to one, its area. */
export function EditAccount({ account, close }: { account: Account; close: () => void }) {
  const text = useAccountsText();
  const words = useWords();
  const act = useAct();
  const [form] = Form.useForm<Changed>();
  const [busy, setBusy] = useState(false);
  const hasArea = scopeOf(account.role) === "area";
  const moves = (Form.useWatch("area", form) ?? account.area) !== account.area;
  const submit = async ({ display_name, area, reason }: Changed) => {
    setBusy(true);
    const body = { display_name, ...(hasArea && area !== account.area ? { area, reason } : {}) };
    const send = () => sendOwn(`/accounts/${account.username}`, "PATCH", body);
    if (await act({ send, done: text.edit_done, changes: [ACCOUNTS] })) close();
    setBusy(false);
  };
  return (
    <Modal
      open
      title={text.edit_title(account.username)}
      okText={words.save}
      cancelText={words.cancel}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={submit}
        initialValues={{ display_name: account.display_name, area: account.area }}
      >
        <Form.Item
          name="display_name"
          label={text.display_name}
          rules={[{ required: true, message: text.required }]}
        >
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
        {hasArea && <AreaField />}
        {hasArea && <p className="quiet">{text.edit_hint}</p>}
        {hasArea && moves && (
          <Form.Item
            name="reason"
            label={words.reason}
            rules={[{ required: true, whitespace: true, min: 3, message: words.reason_short }]}
          >
            <Input.TextArea rows={3} maxLength={1000} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
