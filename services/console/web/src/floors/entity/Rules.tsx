import { Tag } from "antd";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useClassText } from "./classText";
import type { Explained } from "./reads";

/** The floors and modifiers that held and what people decided, each with its source. */
export function Rules({ rules, people }: Pick<Explained, "rules" | "people">) {
  const text = useClassText();
  if (rules.length + people.length === 0) return <p className="quiet">{text.no_rules}</p>;
  return (
    <ul className="entity-rules" aria-label={text.rules}>
      {rules.map((rule) => (
        <Rule key={rule.code} rule={rule} />
      ))}
      {people.map((each) => (
        <Person key={each.id} decided={each} />
      ))}
    </ul>
  );
}

function Rule({ rule }: { rule: Explained["rules"][number] }) {
  const text = useClassText();
  const named = useNamed();
  const format = useFormats();
  return (
    <li>
      {named(rule)} {rule.decided && <Tag color="error">{text.rule_decided}</Tag>}
      {rule.last_day && <Tag>{text.rule_until(format.day(rule.last_day))}</Tag>}
      <div className="quiet entity-source">
        {text.source}：{rule.citation}
      </div>
    </li>
  );
}

function Person({ decided }: { decided: Explained["people"][number] }) {
  const text = useClassText();
  const named = useNamed();
  return (
    <li>
      {named(decided)} <Tag color="processing">{text.people}</Tag>
      {!decided.applied && <Tag>{text.not_applied}</Tag>}
    </li>
  );
}
