import { useMemo } from "react";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { Chart } from "../../kit/Chart";
import { ClassTag } from "../../kit/ClassTag";
import { useClassText } from "./classText";
import { Part } from "./Part";
import { Rules } from "./Rules";
import { type Explained, useCuts } from "./reads";
import { signed, stepsOf, waterfallOption } from "./waterfall";

/** What the general class and a sector's class have in common: points, indicators and rules. */
export type Counted = Pick<
  Explained,
  "base" | "general" | "cap" | "score" | "score_class" | "risk_class" | "parts" | "indicators" | "rules"
>;

interface Props {
  account: Counted & Partial<Pick<Explained, "people">>;
  model: string;
}

/** How the points of a class come about, from the base to the class. */
export function Account({ account, model }: Props) {
  const text = useClassText();
  return (
    <Part title={text.why} extra={<Verdict account={account} />}>
      <Waterfall account={account} model={model} />
      <Rules rules={account.rules} people={account.people ?? []} />
    </Part>
  );
}

function Verdict({ account }: { account: Counted }) {
  const text = useClassText();
  return (
    <span>
      {text.by_score} <ClassTag value={account.score_class} />
      {account.risk_class !== account.score_class && (
        <>
          {" → "}
          {text.decided_as} <ClassTag value={account.risk_class} />
        </>
      )}
    </span>
  );
}

function Waterfall({ account, model }: { account: Counted; model: string }) {
  const text = useClassText();
  const named = useNamed();
  const { points } = useFormats();
  const cuts = useCuts(model);
  const steps = useMemo(
    () =>
      stepsOf(account, {
        base: text.base,
        general: text.general_points,
        cap: text.cap,
        total: text.total,
        named,
      }),
    [account, text, named],
  );
  const option = useMemo(() => waterfallOption(steps, cuts ?? [], points), [steps, cuts, points]);
  const rows = steps.map((step) => [step.name, signed(step, points)]);
  return (
    <Chart
      label={text.why_chart}
      option={option}
      table={{ columns: [text.step, text.points], rows }}
      height={60 + steps.length * 28}
      footer={<span>{text.why_chart}</span>}
    />
  );
}
