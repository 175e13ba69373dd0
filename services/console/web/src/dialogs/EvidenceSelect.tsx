import { Select } from "antd";
import { useFormats } from "../i18n/format";
import { useFactWords } from "../kit/useFactWords";
import { useFacts } from "./reads";
import { useDialogText } from "./text";

interface Props {
  uscc: string;
  id?: string;
  value?: string[];
  onChange?: (evidence: string[]) => void;
}

/** Facts of the entity to choose from as evidence, newest first; a link can be typed. */
export function EvidenceSelect({ uscc, id, value, onChange }: Props) {
  const text = useDialogText();
  const words = useFactWords();
  const format = useFormats();
  const { facts } = useFacts(uscc);
  const options = [...facts]
    .sort((one, other) => other.occurred_at.localeCompare(one.occurred_at))
    .map((fact) => ({
      value: `${fact.source}|${fact.fact_id}`,
      label: `${format.day(fact.occurred_at)} ${words.type(fact.type)} ${fact.source}|${fact.fact_id}`,
    }));
  return (
    <Select
      mode="tags"
      id={id}
      value={value}
      onChange={onChange}
      options={options}
      optionFilterProp="label"
      maxCount={50}
      placeholder={text.evidence_hint}
      aria-label={text.evidence}
    />
  );
}
