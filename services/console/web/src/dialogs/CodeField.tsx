import { Form, Input } from "antd";
import { useWords } from "../i18n/words";
import { useDialogText } from "./text";

const USCC = /^[0-9A-Z]{18}$/;

/** The code of the entity that a dialog is about, once it is whole. */
export function useWholeCode(known: string | undefined): string | undefined {
  const typed = Form.useWatch<string | undefined>("uscc");
  const code = known ?? typed ?? "";
  return USCC.test(code) ? code : undefined;
}

/** Asks for the entity's code where it is not known already. */
export function CodeField({ known }: { known: string | undefined }) {
  const text = useDialogText();
  const words = useWords();
  const rules = [{ required: true, pattern: USCC, message: text.uscc_needed }];
  return (
    <Form.Item
      name="uscc"
      label={words.uscc}
      hidden={known !== undefined}
      rules={rules}
      normalize={(code: string) => code.trim().toUpperCase()}
    >
      <Input maxLength={18} />
    </Form.Item>
  );
}
