import { DeleteOutlined, MinusOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Flex, Select, Tooltip } from "antd";
import { type Language, useLanguage } from "../../../i18n/language";
import { type Item, stepsOf } from "../definition/definition";
import { stepText, valueText } from "../definition/wording";
import { useCatalogue } from "../reads";
import { useText } from "../text";
import { useDraftText } from "./draftText";
import type { Edit } from "./FormEditor";
import { type Box, boxesOf, fewerSteps, hasEdges, moreSteps, removeItem, withPolicy } from "./itemEdits";
import { NumberBox } from "./NumberBox";
import { setAt } from "./yamlText";

interface Props {
  item: Item;
  /** Its number among all items. */
  at: number;
  edit: Edit;
}

/** One indicator: its edges, their points, and what an unknown value counts. */
export function ItemForm({ item, at, edit }: Props) {
  const catalogue = useCatalogue();
  const { language } = useLanguage();
  const known = catalogue.get(item.indicator);
  const name = known?.[language] ?? item.indicator;
  const kind = item.curve ? "curve" : known?.unit === "yes_no" ? "yes_no" : "edge";
  const labels = labelsOf(item, known?.unit ?? "count", language);
  return (
    <fieldset className="models-item" aria-label={name}>
      <Flex justify="space-between" align="center">
        <span title={item.indicator}>{name}</span>
        <Tools item={item} at={at} edit={edit} name={name} />
      </Flex>
      <Flex wrap gap="4px 8px" align="end">
        {boxesOf(item, at).map((box, number) => (
          <StepBox
            key={box.points.join(".")}
            box={box}
            label={labels[number] ?? ""}
            name={name}
            kind={kind}
            edit={edit}
          />
        ))}
        <MissingBox item={item} at={at} edit={edit} name={name} />
      </Flex>
    </fieldset>
  );
}

/** The values of each step or knot in words. */
function labelsOf(item: Item, unit: string, language: Language): string[] {
  if (item.curve) return item.curve.map(([value]) => valueText(value, unit, language));
  return stepsOf(item).map((step) => stepText(step, unit, language));
}

interface StepProps {
  box: Box;
  label: string;
  name: string;
  /** What the value beside the points is: one a curve goes through, an edge, or none that can be moved. */
  kind: "curve" | "edge" | "yes_no";
  edit: Edit;
}

function StepBox({ box, label, name, kind, edit }: StepProps) {
  const text = useDraftText();
  const { edge, points } = box;
  const isCurve = kind === "curve";
  const isYesNo = kind === "yes_no";
  return (
    <div className="models-step">
      <small>{label}</small>
      <Flex gap={2}>
        {edge && box.at !== null && !isYesNo && (
          <NumberBox
            prefix={isCurve ? "=" : "≥"}
            label={text.edge_of(name, label)}
            value={box.at}
            onChange={(value) => edit((now) => setAt(now, edge, value))}
          />
        )}
        <NumberBox
          label={text.points_of(name, label)}
          value={box.value}
          onChange={(value) => edit((now) => setAt(now, points, value))}
        />
      </Flex>
    </div>
  );
}

function MissingBox({ item, at, edit, name }: Props & { name: string }) {
  const text = useDraftText();
  const words = useText();
  const { policy, points } = item.missing;
  const options = [
    { value: "neutral", label: words.missing_neutral },
    { value: "mean", label: text.policy_mean },
    { value: "worst", label: text.policy_worst },
    { value: "not_applicable", label: words.missing_not_applicable },
  ];
  return (
    <div className="models-step">
      <small>{words.when_missing}</small>
      <Flex gap={2}>
        <Select
          size="small"
          aria-label={text.policy_of(name)}
          value={policy}
          options={options}
          popupMatchSelectWidth={false}
          onChange={(next) => edit((now) => withPolicy(now, item, at, next))}
        />
        {policy === "mean" && (
          <NumberBox
            label={text.mean_of(name)}
            value={points}
            onChange={(value) => edit((now) => setAt(now, ["items", at, "missing", "points"], value))}
          />
        )}
      </Flex>
    </div>
  );
}

function Tools({ item, at, edit, name }: Props & { name: string }) {
  const text = useDraftText();
  const tools = [
    ...(hasEdges(item)
      ? ([
          [text.add_step, <PlusOutlined key="" />, (now: string) => moreSteps(now, item, at)],
          [text.remove_step, <MinusOutlined key="" />, (now: string) => fewerSteps(now, item, at)],
        ] as const)
      : []),
    [text.remove_item(name), <DeleteOutlined key="" />, (now: string) => removeItem(now, at)] as const,
  ];
  return (
    <Flex>
      {tools.map(([label, icon, change]) => (
        <Tooltip key={label} title={label}>
          <Button
            type="text"
            size="small"
            icon={icon}
            aria-label={`${name} ${label}`}
            onClick={() => edit(change)}
          />
        </Tooltip>
      ))}
    </Flex>
  );
}
