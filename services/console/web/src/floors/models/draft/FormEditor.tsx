import { Alert, Collapse, Input } from "antd";
import { useState } from "react";
import { useLanguage, useNamed } from "../../../i18n/language";
import { type Definition, partsOf } from "../definition/definition";
import { useCatalogue } from "../reads";
import { useText } from "../text";
import { AddItem } from "./AddItem";
import { Basics } from "./Basics";
import { useDraftText } from "./draftText";
import { ItemForm } from "./ItemForm";
import { NumberBox } from "./NumberBox";
import { RuleForm } from "./RuleForm";
import type { Editing } from "./useEditing";
import { setAt } from "./yamlText";

export type Edit = Editing["edit"];

/** Points, steps, cuts and thresholds as fields; each changes the text where it stands. */
export function FormEditor({ editing }: { editing: Editing }) {
  const text = useDraftText();
  const { definition } = editing.read;
  if (definition === null) return <Alert type="warning" showIcon title={text.unreadable} />;
  return (
    <>
      <Basics definition={definition} edit={editing.edit} />
      <Items definition={definition} edit={editing.edit} />
    </>
  );
}

function Items({ definition, edit }: { definition: Definition; edit: Edit }) {
  const text = useDraftText();
  const words = useText();
  const named = useNamed();
  const [sought, seek] = useState("");
  const parts = partsOf(definition);
  const panels = parts.map((part) => ({
    key: part.dimension?.code ?? "",
    label: part.dimension ? named(part.dimension) : words.other_items,
    children: <PartForm part={part} definition={definition} sought={sought} edit={edit} />,
  }));
  const rules = {
    key: "rules",
    label: text.rules,
    children: <RuleForm definition={definition} edit={edit} />,
  };
  const open = sought ? panels.map(({ key }) => key) : undefined;
  return (
    <>
      <Input.Search
        allowClear
        aria-label={text.find_item}
        placeholder={text.find_item}
        className="models-switch"
        onChange={({ target }) => seek(target.value.trim())}
      />
      <Collapse
        size="small"
        items={[...panels, rules]}
        {...(open ? { activeKey: open } : { defaultActiveKey: panels[0]?.key })}
        key={sought ? "sought" : "all"}
      />
    </>
  );
}

interface PartProps {
  part: ReturnType<typeof partsOf>[number];
  definition: Definition;
  sought: string;
  edit: Edit;
}

function PartForm({ part, definition, sought, edit }: PartProps) {
  const text = useDraftText();
  const catalogue = useCatalogue();
  const { language } = useLanguage();
  const { dimension, items } = part;
  const at = definition.dimensions?.findIndex((each) => each.code === dimension?.code) ?? -1;
  const shown = items.filter(({ indicator }) =>
    `${indicator} ${catalogue.get(indicator)?.[language]}`.includes(sought),
  );
  return (
    <>
      {dimension?.full !== undefined && (
        <div className="models-field">
          <span>{text.full}</span>
          <NumberBox
            label={`${dimension.zh} ${text.full}`}
            value={dimension.full}
            onChange={(value) => edit((now) => setAt(now, ["dimensions", at, "full"], value))}
          />
        </div>
      )}
      {shown.map((item) => (
        <ItemForm key={item.indicator} item={item} at={definition.items.indexOf(item)} edit={edit} />
      ))}
      <AddItem definition={definition} dimension={dimension?.code} edit={edit} />
    </>
  );
}
