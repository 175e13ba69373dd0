import type { TableProps } from "antd";
import { useLanguage, useNamed } from "../../../i18n/language";
import { wordFor } from "../../../i18n/words";
import { useText } from "../text";
import { conditionsOf, type Rule } from "./definition";
import { PlainTable } from "./PlainTable";
import { Source } from "./Source";
import { type Catalogue, conditionText, effectText } from "./wording";

/** Overrides or modifiers, each with what it asks for, what it does and what it rests on. */
export function RuleTable({ rules, catalogue }: { rules: Rule[]; catalogue: Catalogue }) {
  const text = useText();
  return (
    <PlainTable<Rule> label={text.rule} columns={useColumns(catalogue)} dataSource={rules} rowKey="code" />
  );
}

function useColumns(catalogue: Catalogue): TableProps<Rule>["columns"] {
  const text = useText();
  const named = useNamed();
  const { language } = useLanguage();
  return [
    {
      title: text.rule,
      width: "26%",
      render: (_, rule) => (
        <div className="models-wrap">
          {named(rule)} <small className="quiet">{rule.code}</small>
        </div>
      ),
    },
    {
      title: text.condition,
      width: "24%",
      render: (_, rule) => (
        <div className="models-wrap">
          {conditionsOf(rule).map((each) => (
            <div key={JSON.stringify(each)}>{conditionText(each, catalogue, language)}</div>
          ))}
        </div>
      ),
    },
    {
      title: text.effect,
      width: "20%",
      render: (_, rule) => (
        <div className="models-wrap">
          {effectText(rule, catalogue, language)}
          {rule.flag && <div>{wordFor(text, `flag_${rule.flag}`)}</div>}
        </div>
      ),
    },
    {
      title: text.citation,
      render: (_, { citation, confidence }) => <Source citation={citation} confidence={confidence} />,
    },
  ];
}
