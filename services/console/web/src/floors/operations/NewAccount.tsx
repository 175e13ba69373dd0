import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useVocabulary } from "../../api/vocabulary";
import { useNamed } from "../../i18n/language";
import { useRoles, useWords } from "../../i18n/words";
import { useAct } from "../../kit/useAct";
import { type Account, chance, newPassword, ROLES, type Scope, scopeOf } from "./accounts";
import { useAccountsText } from "./accountsText";
import type { Shown } from "./ShownOnce";
import { ACCOUNTS, sendOwn } from "./useAccountActs";

type Wanted = Pick<Account, "username" | "display_name" | "role"> & {
  [name in "area" | "entity" | "platform" | "source" | "subject"]?: string;
};

interface Props {
  close: () => void;
  show: (shown: Shown) => void;
}

/** Makes an account: who, in which role, and for what that role is bound to. */
export function NewAccount({ close, show }: Props) {
  const text = useAccountsText();
  const words = useWords();
  const act = useAct();
  const [form] = Form.useForm<Wanted>();
  const [busy, setBusy] = useState(false);
  const submit = async (wanted: Wanted) => {
    setBusy(true);
    const password = newPassword(chance);
    const body = { ...wanted, subject: wanted.subject || undefined, password };
    const send = () => sendOwn("/accounts", "POST", body);
    if (await act({ send, done: text.made, changes: [ACCOUNTS] })) {
      close();
      show({ username: wanted.username, password });
    }
    setBusy(false);
  };
  return (
    <Modal
      open
      title={text.add}
      okText={words.confirm}
      cancelText={words.cancel}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={submit} requiredMark={false}>
        <Fields />
      </Form>
    </Modal>
  );
}

function Fields() {
  const text = useAccountsText();
  const roles = useRoles();
  const role = Form.useWatch("role") as Account["role"] | undefined;
  const needed = [{ required: true, message: text.required }];
  const username = [...needed, { pattern: /^[a-z0-9][a-z0-9._-]{1,63}$/, message: text.username_rule }];
  return (
    <>
      <Form.Item name="username" label={text.username} rules={username} extra={text.username_rule}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="display_name" label={text.display_name} rules={needed}>
        <Input autoComplete="off" maxLength={100} />
      </Form.Item>
      <Form.Item name="role" label={text.role} rules={needed}>
        <Select options={ROLES.map((value) => ({ value, label: roles[value] }))} />
      </Form.Item>
      <ScopeField scope={scopeOf(role)} />
      {role === "inspector" && (
        <Form.Item name="subject" label={text.subject} extra={text.subject_hint}>
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
      )}
    </>
  );
}

/** What the role is bound to: an area, or the code of whom the account is for. */
function ScopeField({ scope }: { scope: Scope }) {
  const text = useAccountsText();
  const needed = [{ required: true, message: text.required }];
  if (scope === null) return null;
  if (scope === "area") return <AreaField />;
  return (
    <Form.Item name={scope} label={text[scope]} rules={needed}>
      <Input autoComplete="off" maxLength={100} />
    </Form.Item>
  );
}

/** One of the areas. */
export function AreaField() {
  const text = useAccountsText();
  const words = useWords();
  const named = useNamed();
  const { data } = useVocabulary();
  return (
    <Form.Item name="area" label={words.area} rules={[{ required: true, message: text.required }]}>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        options={data?.areas.map((area) => ({ value: area.code, label: named(area) }))}
      />
    </Form.Item>
  );
}
