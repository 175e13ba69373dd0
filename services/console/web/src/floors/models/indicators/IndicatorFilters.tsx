import { Select } from "antd";
import { useModelName, useModels } from "../../../api/models";
import { useLanguage } from "../../../i18n/language";
import { codeOf } from "../versions/standing";
import { FILTERS, type Indicator, valuesOf } from "./choosing";
import { useIndicatorText } from "./indicatorText";
import { useIndicatorWord } from "./words";

interface Props {
  indicators: Indicator[];
  filters: Record<string, string>;
  change: (changes: Record<string, string | undefined>) => void;
}

/** A choice for each thing the catalogue is filtered by. */
export function IndicatorFilters({ indicators, filters, change }: Props) {
  const text = useIndicatorText();
  const word = useIndicatorWord(indicators);
  const labels = { ...text, effect: text.meaning };
  return (
    <>
      {FILTERS.map((name) => (
        <Select
          key={name}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          aria-label={labels[name]}
          placeholder={labels[name]}
          value={filters[name]}
          options={valuesOf(indicators, name, filters.dimension).map((value) => ({
            value,
            label: word(name, value),
          }))}
          onChange={(value?: string) =>
            change({ [name]: value, ...(name === "dimension" ? { group: undefined } : {}) })
          }
        />
      ))}
      <UseFilter value={filters.use} onChange={(use) => change({ use })} />
    </>
  );
}

function UseFilter({ value, onChange }: { value: string | undefined; onChange: (use?: string) => void }) {
  const text = useIndicatorText();
  const modelName = useModelName();
  const { language } = useLanguage();
  const { data } = useModels();
  const codes = [...new Set(data?.items.map(({ id }) => codeOf(id)) ?? [])].sort((one, other) =>
    modelName(one).localeCompare(modelName(other), language),
  );
  const options = [
    { value: "any", label: text.used },
    { value: "none", label: text.unused },
    ...codes.map((code) => ({ value: code, label: modelName(code) })),
  ];
  return (
    <Select
      allowClear
      aria-label={text.use}
      placeholder={text.use}
      value={value}
      options={options}
      onChange={onChange}
    />
  );
}
