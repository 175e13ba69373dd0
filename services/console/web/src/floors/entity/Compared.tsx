import { type TableProps, Tag } from "antd";
import { useMemo } from "react";
import { useModelName } from "../../api/models";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { wordFor } from "../../i18n/words";
import { Chart } from "../../kit/Chart";
import { ClassTag } from "../../kit/ClassTag";
import { DataTable } from "../../kit/DataTable";
import { ComparedRules } from "./ComparedRules";
import { byWeight, type Comparison, difference, type Moved, stepsBetween } from "./compareSteps";
import { useCompareText } from "./compareText";
import { Part } from "./Part";
import { useCatalogue, useCuts } from "./reads";
import { useValueText } from "./useValueText";
import { signed, waterfallOption } from "./waterfall";

/** What the service says of two decisions: the stages between them, indicators, rules, sectors. */
export function Compared({ answer }: { answer: Comparison }) {
  const text = useCompareText();
  return (
    <>
      <Part title={text.stages}>
        <Stages answer={answer} />
        <Between answer={answer} />
      </Part>
      <Part title={text.indicators}>
        <DataTable<Moved>
          rowKey="code"
          columns={useColumns()}
          dataSource={byWeight(answer.indicators)}
          locale={{ emptyText: text.no_indicators }}
          scroll={{ x: 640 }}
        />
      </Part>
      <ComparedRules answer={answer} />
    </>
  );
}

function Stages({ answer }: { answer: Comparison }) {
  const text = useCompareText();
  const { points } = useFormats();
  const modelName = useModelName();
  const stages = [
    [
      text.stage_before,
      text.stage_before_hint(answer.day_before, modelName(answer.model_before)),
      answer.before,
    ],
    [text.stage_model, text.stage_model_hint, answer.by_model],
    [text.stage_facts, text.stage_facts_hint, answer.by_facts],
    [text.stage_after, text.stage_before_hint(answer.day_after, modelName(answer.model_after)), answer.after],
  ] as const;
  return (
    <ol className="entity-stages">
      {stages.map(([title, hint, { score, risk_class }]) => (
        <li key={title}>
          <span>{title}</span>
          <span>
            <ClassTag value={risk_class} /> <b className="entity-score">{points(score)}</b>
          </span>
          <span className="quiet entity-source">{hint}</span>
        </li>
      ))}
    </ol>
  );
}

function Between({ answer }: { answer: Comparison }) {
  const text = useCompareText();
  const named = useNamed();
  const { points } = useFormats();
  const cuts = useCuts(answer.model_after);
  const steps = useMemo(
    () =>
      stepsBetween(answer, { before: text.stage_before, after: text.stage_after, rest: text.rest, named }),
    [answer, text, named],
  );
  const option = useMemo(() => waterfallOption(steps, cuts ?? [], points), [steps, cuts, points]);
  if (steps.length === 2) return null;
  return (
    <Chart
      label={text.chart}
      option={option}
      height={60 + steps.length * 28}
      footer={<span>{text.chart}</span>}
      table={{
        columns: [text.indicator, text.difference],
        rows: steps.map((step) => [step.name, signed(step, points)]),
      }}
    />
  );
}

function useColumns(): TableProps<Moved>["columns"] {
  const text = useCompareText();
  const named = useNamed();
  const { points } = useFormats();
  const valueText = useValueText();
  const catalogue = useCatalogue();
  const value = (row: Moved, of: number | null) => valueText(of, catalogue.get(row.code)?.unit ?? "count");
  return [
    { title: text.indicator, render: (_, row) => named(row) },
    {
      title: text.value,
      align: "right",
      render: (_, row) => `${value(row, row.value_before)} → ${value(row, row.value_after)}`,
    },
    {
      title: text.points,
      align: "right",
      render: (_, row) => `${points(row.points_before)} → ${points(row.points_after)}`,
    },
    {
      title: text.difference,
      align: "right",
      render: (_, row) => <b>{signed({ name: "", kind: "add", points: difference(row) }, points)}</b>,
    },
    { title: text.why, render: (_, row) => <Why why={row.why} /> },
    { title: text.says, render: (_, row) => named({ zh: row.sentence_zh, en: row.sentence_en }) },
  ];
}

function Why({ why }: { why: string }) {
  const text = useCompareText();
  const causes = why === "both" ? ["model", "facts"] : why.split("+");
  return (
    <>
      {causes.map((cause) => (
        <Tag key={cause}>{wordFor(text, `why_${cause}`)}</Tag>
      ))}
    </>
  );
}
