import { Select } from "antd";
import { useVocabulary } from "../api/vocabulary";
import { useNamed } from "../i18n/language";
import { useWords } from "../i18n/words";

interface Props {
  value: string | undefined;
  onChange: (area: string | undefined) => void;
}

/** Limits a list to one area, for whoever sees the city. */
export function AreaFilter({ value, onChange }: Props) {
  const words = useWords();
  const named = useNamed();
  const { data } = useVocabulary();
  return (
    <Select
      allowClear
      className="filter"
      aria-label={words.area}
      placeholder={words.area}
      value={value}
      options={(data?.areas ?? []).map((each) => ({ value: each.code, label: named(each) }))}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: "label" }}
      onChange={onChange}
    />
  );
}
