import { Select } from "antd";
import { useLanguage } from "../../../i18n/language";
import type { Definition } from "../definition/definition";
import { useIndicators } from "../reads";
import { useDraftText } from "./draftText";
import type { Edit } from "./FormEditor";
import { withIndicator } from "./itemEdits";

interface Props {
  definition: Definition;
  dimension: string | undefined;
  edit: Edit;
}

/** Takes one more indicator of the catalogue into a dimension. */
export function AddItem({ definition, dimension, edit }: Props) {
  const text = useDraftText();
  const { language } = useLanguage();
  const { data } = useIndicators();
  const used = new Set(definition.items.map(({ indicator }) => indicator));
  const options = (data?.indicators ?? [])
    .filter(({ code }) => !used.has(code))
    .map((each) => ({ value: each.code, label: `${each[language]} ${each.code}` }));
  return (
    <Select
      showSearch={{ optionFilterProp: "label" }}
      size="small"
      className="models-add"
      aria-label={text.add_item}
      placeholder={text.add_item_hint}
      value={null}
      options={options}
      onChange={(indicator) => indicator && edit((now) => withIndicator(now, indicator, dimension))}
    />
  );
}
