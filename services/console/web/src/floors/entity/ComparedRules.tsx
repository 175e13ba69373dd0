import { Tag } from "antd";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { ClassTag } from "../../kit/ClassTag";
import type { Comparison } from "./compareSteps";
import { useCompareText } from "./compareText";
import { Part } from "./Part";

/** Rules that began or ended to hold, classes in sectors that changed, people's decisions that applied. */
export function ComparedRules({ answer }: { answer: Comparison }) {
  return (
    <>
      <Rules rules={answer.rules} />
      <Sectors sectors={answer.sectors} />
      <People before={answer.people_before} after={answer.people_after} />
    </>
  );
}

function Rules({ rules }: Pick<Comparison, "rules">) {
  const text = useCompareText();
  const named = useNamed();
  if (rules.length === 0) return null;
  return (
    <Part title={text.rules}>
      <ul className="entity-rules">
        {rules.map((rule) => (
          <li key={rule.code}>
            <Tag>{rule.change === "began" ? text.began : text.ended}</Tag> {named(rule)}
            <div className="quiet entity-source">
              {text.source}：{rule.citation}
            </div>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Sectors({ sectors }: Pick<Comparison, "sectors">) {
  const text = useCompareText();
  const named = useNamed();
  if (sectors.length === 0) return null;
  const shown = (value: string) => (value ? <ClassTag value={value} /> : text.no_member);
  return (
    <Part title={text.sectors}>
      <ul className="entity-rules">
        {sectors.map((sector) => (
          <li key={sector.sector}>
            {named(sector)}：{shown(sector.before)} → {shown(sector.after)}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function People({ before, after }: { before: number[]; after: number[] }) {
  const text = useCompareText();
  const { list } = useFormats();
  if (before.length + after.length === 0) return null;
  const told = (numbers: number[]) => list(numbers.map((number) => `#${number}`));
  return (
    <Part title={text.people}>
      {text.people_before} {told(before)}；{text.people_after} {told(after)}
    </Part>
  );
}
