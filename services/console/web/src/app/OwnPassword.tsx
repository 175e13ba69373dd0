import { Alert, App, Button, Form, Input, Modal, Typography } from "antd";
import { useState } from "react";
import { type Problem, problemOf } from "../api/problem";
import { useWords } from "../i18n/words";
import { useProblemText } from "../kit/Failure";
import { useSession, useSessionChange } from "./session";
import { useSessionText } from "./sessionText";
import { useText } from "./text";

const SHORTEST = 12;

interface Chosen {
  now: string;
  wanted: string;
}

/** What stands before everything else for somebody whose password was given to them. */
export function FirstPassword() {
  const text = useSessionText();
  const titles = useText();
  const { logOut } = useSessionChange();
  return (
    <main className="login">
      <section className="login-card" aria-labelledby="first">
        <Typography.Title level={1} id="first">
          {text.first}
        </Typography.Title>
        <p className="quiet">{text.first_hint}</p>
        <OwnPasswordForm />
        <Button type="link" onClick={() => void logOut()}>
          {titles.log_out}
        </Button>
      </section>
    </main>
  );
}

/** Another password, whenever somebody wants one. */
export function OwnPasswordDialog({ close }: { close: () => void }) {
  const titles = useText();
  return (
    <Modal open title={titles.own_password} footer={null} onCancel={close}>
      <OwnPasswordForm done={close} />
    </Modal>
  );
}

/** The password of now, and twice the one to come. */
export function OwnPasswordForm({ done }: { done?: () => void }) {
  const text = useSessionText();
  const words = useWords();
  const { notification } = App.useApp();
  const { username } = useSession();
  const { choosePassword } = useSessionChange();
  const told = useTold();
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async ({ now, wanted }: Chosen) => {
    setBusy(true);
    setFailure(null);
    try {
      await choosePassword(now, wanted);
      notification.success({ title: text.done });
      done?.();
    } catch (error) {
      setFailure(told(problemOf(error)));
      setBusy(false);
    }
  };
  return (
    <Form layout="vertical" requiredMark={false} onFinish={submit} className="login-form">
      {failure && <Alert type="error" showIcon role="alert" title={failure} />}
      <input type="text" autoComplete="username" value={username} readOnly hidden />
      <Fields />
      <Button type="primary" htmlType="submit" block loading={busy}>
        {words.confirm}
      </Button>
    </Form>
  );
}

function Fields() {
  const text = useSessionText();
  const needed = { required: true, message: text.needed };
  const same = ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: async (_: unknown, value: unknown) => {
      if (value && value !== getFieldValue("wanted")) throw new Error(text.differs);
    },
  });
  return (
    <>
      <Form.Item name="now" label={text.now} rules={[needed]}>
        <Input.Password autoComplete="current-password" autoFocus maxLength={200} />
      </Form.Item>
      <Form.Item
        name="wanted"
        label={text.wanted}
        extra={text.rule}
        rules={[needed, { min: SHORTEST, message: text.short }]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      <Form.Item name="repeated" label={text.repeated} dependencies={["wanted"]} rules={[needed, same]}>
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
    </>
  );
}

/** Why a password was not taken. */
function useTold(): (problem: Problem) => string {
  const text = useSessionText();
  const { too_often } = useText();
  const problemText = useProblemText();
  return (problem) => {
    const field = problem.errors?.[0]?.field;
    if (field === "body.password") return text.wrong;
    if (field === "body.new_password") return text.weak;
    return problem.status === 429 ? too_often : problemText(problem).message;
  };
}
