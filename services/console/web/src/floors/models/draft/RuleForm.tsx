import { Flex, Select } from "antd";
import { useLanguage, useNamed } from "../../../i18n/language";
import { type Condition, conditionsOf, type Definition, type Rule } from "../definition/definition";
import { conditionText } from "../definition/wording";
import { useCatalogue } from "../reads";
import { useDraftText } from "./draftText";
import type { Edit } from "./FormEditor";
import { NumberBox } from "./NumberBox";
import { type Place, setAt } from "./yamlText";

const THRESHOLDS = ["at_least", "at_most", "age_days_below"] as const;

/** Overrides and modifiers: their thresholds, and what they do to the class. */
export function RuleForm({ definition, edit }: { definition: Definition; edit: Edit }) {
  const lists = ["overrides", "modifiers"] as const;
  return (
    <>
      {lists.map((list) =>
        (definition[list] ?? []).map((rule, at) => (
          <OneRule key={`${list} ${rule.code}`} rule={rule} place={[list, at]} edit={edit} />
        )),
      )}
    </>
  );
}

interface Props {
  rule: Rule;
  place: Place;
  edit: Edit;
}

function OneRule({ rule, place, edit }: Props) {
  const named = useNamed();
  const when: Place = [...place, "when"];
  return (
    <fieldset className="models-item" aria-label={named(rule)}>
      <div>{named(rule)}</div>
      <Flex wrap gap="4px 8px" align="end">
        {conditionsOf(rule).map((condition, at) => (
          <Threshold
            key={JSON.stringify([condition.indicator, at])}
            condition={condition}
            place={rule.when.all ? [...when, "all", at] : when}
            edit={edit}
          />
        ))}
        <Effects rule={rule} place={place} edit={edit} />
      </Flex>
    </fieldset>
  );
}

function Threshold({ condition, place, edit }: { condition: Condition; place: Place; edit: Edit }) {
  const text = useDraftText();
  const catalogue = useCatalogue();
  const { language } = useLanguage();
  const kind = THRESHOLDS.find((each) => condition[each] !== undefined);
  const said = conditionText(condition, catalogue, language);
  const isYesNo = catalogue.get(condition.indicator ?? "")?.unit === "yes_no";
  return (
    <div className="models-step">
      <small>{said}</small>
      {kind && !isYesNo && (
        <NumberBox
          label={text.threshold_of(said)}
          value={condition[kind]}
          onChange={(value) => edit((now) => setAt(now, [...place, kind], value))}
        />
      )}
    </div>
  );
}

function Effects({ rule, place, edit }: Props) {
  const text = useDraftText();
  const named = useNamed();
  const set = (name: string) => (value: string | number) =>
    edit((now) => setAt(now, [...place, name], value));
  return (
    <>
      {rule.floor && (
        <div className="models-step">
          <small>{text.floor_short}</small>
          <Select
            size="small"
            aria-label={text.floor_of(named(rule))}
            value={rule.floor}
            options={["B", "C", "D"].map((value) => ({ value, label: value }))}
            onChange={set("floor")}
          />
        </div>
      )}
      {rule.shift !== undefined && (
        <div className="models-step">
          <small>{text.shift_short}</small>
          <Select
            size="small"
            aria-label={text.shift_of(named(rule))}
            value={rule.shift}
            options={[
              { value: -1, label: text.better },
              { value: 1, label: text.worse },
            ]}
            onChange={set("shift")}
          />
        </div>
      )}
    </>
  );
}
