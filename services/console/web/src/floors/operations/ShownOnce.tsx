import { Alert, Button, Modal, Typography } from "antd";
import { useAccountsText } from "./accountsText";

/** A password that nobody can see again. */
export interface Shown {
  username: string;
  password: string;
}

/** Shows a new password, once. */
export function ShownOnce({ shown, close }: { shown: Shown; close: () => void }) {
  const text = useAccountsText();
  return (
    <Modal
      open
      title={shown.username}
      closable={false}
      mask={{ closable: false }}
      footer={<Button onClick={close}>{text.copied_close}</Button>}
    >
      <Alert type="warning" showIcon title={text.password_once} />
      <p className="shown-once">
        <span className="quiet">{text.password}</span>{" "}
        <Typography.Text code copyable data-testid="new-password">
          {shown.password}
        </Typography.Text>
      </p>
    </Modal>
  );
}
