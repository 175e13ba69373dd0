import { LockOutlined, UserOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Divider, Form, Input, Typography } from "antd";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { own } from "../api/own";
import { problemOf } from "../api/problem";
import { useLanguage } from "../i18n/language";
import { useWords } from "../i18n/words";
import { useProblemText } from "../kit/Failure";
import { useSessionChange } from "./session";
import { useText } from "./text";

interface Methods {
  password: boolean;
  oidc: { name: string } | null;
}

/** Asks who is there, and goes on to where they wanted to be. */
export function Login() {
  const text = useText();
  const words = useWords();
  const { language, choose } = useLanguage();
  const { pathname, search } = useLocation();
  const wanted = pathname === "/login" ? "/" : pathname + search;
  const told = new URLSearchParams(search).get("problem");
  const problem = { refused: text.refused, silent: text.silent }[pathname === "/login" ? (told ?? "") : ""];
  const methods = useQuery({ queryKey: ["methods"], queryFn: () => own<Methods>("/session/methods") });
  useEffect(() => {
    document.title = `${text.log_in} · ${words.product}`;
  }, [text.log_in, words.product]);
  return (
    <main className="login">
      <section className="login-card" aria-labelledby="product">
        <img src="/icon.svg" alt="" width={44} height={44} />
        <Typography.Title level={1} id="product">
          {words.product}
        </Typography.Title>
        <p className="quiet">{text.subtitle}</p>
        {problem && <Alert type="error" showIcon role="alert" title={problem} />}
        {methods.data?.oidc && (
          <Button block type="primary" href={`/api/oidc/start?next=${encodeURIComponent(wanted)}`}>
            {text.by_oidc(methods.data.oidc.name)}
          </Button>
        )}
        {methods.data?.oidc && methods.data.password && <Divider />}
        {methods.data?.password !== false && <PasswordForm />}
        <Button type="link" onClick={() => choose(language === "zh" ? "en" : "zh")}>
          {text.language}
        </Button>
      </section>
    </main>
  );
}

/** Name and password; with `username`, only for that account. */
export function PasswordForm({ username: known }: { username?: string }) {
  const text = useText();
  const problemText = useProblemText();
  const { logIn } = useSessionChange();
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async ({ username, password }: { username: string; password: string }) => {
    setBusy(true);
    setFailure(null);
    try {
      await logIn(username.trim(), password);
    } catch (error) {
      const { status } = problemOf(error);
      setFailure(status === 401 ? text.wrong : status === 429 ? text.too_often : problemText(error).message);
      setBusy(false);
    }
  };
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      onFinish={submit}
      className="login-form"
      initialValues={{ username: known }}
    >
      {failure && <Alert type="error" showIcon role="alert" title={failure} />}
      <Form.Item
        name="username"
        label={text.username}
        rules={[{ required: true, message: text.username_needed }]}
      >
        <Input
          prefix={<UserOutlined />}
          autoComplete="username"
          autoFocus={!known}
          readOnly={known !== undefined}
        />
      </Form.Item>
      <Form.Item
        name="password"
        label={text.password}
        rules={[{ required: true, message: text.password_needed }]}
      >
        <Input.Password
          prefix={<LockOutlined />}
          autoComplete="current-password"
          autoFocus={known !== undefined}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy}>
        {text.log_in}
      </Button>
    </Form>
  );
}
