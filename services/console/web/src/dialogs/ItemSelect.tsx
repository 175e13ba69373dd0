import { Select } from "antd";
import { useNamed } from "../i18n/language";
import { useExplained } from "./reads";
import { useDialogText } from "./text";

interface Props {
  uscc: string;
  id?: string;
  value?: string[];
  onChange?: (items: string[]) => void;
}

/** The indicators that gave points to the class as it stands. */
export function ItemSelect({ uscc, id, value, onChange }: Props) {
  const text = useDialogText();
  const named = useNamed();
  const { data } = useExplained(uscc);
  const options = (data?.indicators ?? [])
    .filter(({ points }) => points > 0)
    .map((line) => ({ value: line.code, label: `${named(line)}（${line.points}）` }));
  return (
    <Select
      mode="multiple"
      id={id}
      value={value}
      onChange={onChange}
      options={options}
      optionFilterProp="label"
      maxCount={20}
      placeholder={text.items_hint}
      aria-label={text.items}
    />
  );
}
