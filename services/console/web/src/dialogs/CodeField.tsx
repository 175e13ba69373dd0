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

/** Fields of the dialogs whose values are of one entity. */
const OF_ONE_ENTITY = ["record", "indicators", "evidence"];

/** Asks for the entity's code where it is not known already; what was chosen of another entity goes. */
export function CodeField({ known }: { known: string | undefined }) {
  const text = useDialogText();
  const words = useWords();
  const form = Form.useFormInstance();
  const rules = [{ required: true, pattern: USCC, message: text.uscc_needed }];
  return (
    <Form.Item
      name="uscc"
      label={words.uscc}
      hidden={known !== undefined}
      rules={rules}
      normalize={(code: string) => code.trim().toUpperCase()}
    >
      <Input maxLength={18} onChange={() => form.resetFields(OF_ONE_ENTITY)} />
    </Form.Item>
  );
}
