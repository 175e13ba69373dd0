import { Form, type FormProps, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { useWords } from "../i18n/words";
import { sendingForm } from "./sending";

interface Props<Values> extends Pick<FormProps<Values>, "initialValues" | "onValuesChange"> {
  title: string;
  hint?: ReactNode;
  open: boolean;
  okText?: string;
  onClose: () => void;
  /** Sends what was filled in; the dialog closes when it answers true. */
  onSend: (values: Values) => Promise<boolean>;
  children: ReactNode;
}

/** A form in a dialog: it stays open, with what was filled in, until it was sent. */
export function FormDialog<Values extends object>(props: Props<Values>) {
  const { title, hint, open, okText, onClose, onSend, children, ...rest } = props;
  const words = useWords();
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const send = async (values: Values) => {
    setBusy(true);
    const done = await sendingForm(form, () => onSend(values));
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      title={title}
      open={open}
      destroyOnHidden
      okText={okText ?? words.confirm}
      cancelText={words.cancel}
      confirmLoading={busy}
      onOk={form.submit}
      onCancel={onClose}
    >
      {hint && <p className="quiet">{hint}</p>}
      <Form form={form} layout="vertical" preserve={false} requiredMark={false} onFinish={send} {...rest}>
        {children}
      </Form>
    </Modal>
  );
}
