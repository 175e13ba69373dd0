import { Flex, Input, Statistic } from "antd";
import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { useModelName } from "../../../api/models";
import { useFormats } from "../../../i18n/format";
import { wordFor } from "../../../i18n/words";
import { Loaded } from "../../../kit/Loaded";
import { useToday } from "../../../kit/useToday";
import { useUrlState } from "../../../kit/useUrlState";
import { PlainTable } from "../definition/PlainTable";
import { Section } from "../definition/WholeModel";
import { Matrix } from "../draft/Matrix";
import { estimateText } from "./intervals";
import { daysBefore, usePeriod } from "./period";
import { useReviewText } from "./reviewText";

type Migration = components["schemas"]["Migration"];
const A_MONTH = 31;

/** Classes at two days, whether scores stayed alike, and who leaves D. */
export function Moving() {
  const text = useReviewText();
  const today = useToday();
  const [{ from = daysBefore(today, A_MONTH), to = today }, change] = useUrlState();
  const [{ area }] = usePeriod();
  const query = { from: [from, to].sort()[0] ?? from, to, area };
  const migration = classification.useQuery("get", "/v1/reviews/migration", { params: { query } });
  return (
    <>
      <Flex wrap gap={10} className="models-switch no-print">
        <Day label={text.from_day} value={from} max={to} onChange={(value) => change({ from: value })} />
        <Day label={text.to_day} value={to} max={today} onChange={(value) => change({ to: value })} />
      </Flex>
      <Loaded reading={migration} isEmpty={({ moves }) => moves.length === 0} emptyHint={text.nobody}>
        {(found) => <Migrated found={found} />}
      </Loaded>
      <Stable query={query} />
    </>
  );
}

interface DayProps {
  label: string;
  value: string;
  max: string;
  onChange: (value: string) => void;
}

function Day({ label, value, max, onChange }: DayProps) {
  return (
    <span className="models-field">
      <span>{label}</span>
      <Input
        type="date"
        aria-label={label}
        value={value}
        max={max}
        onChange={({ target }) => target.value && onChange(target.value)}
      />
    </span>
  );
}

function Migrated({ found }: { found: Migration }) {
  const text = useReviewText();
  const format = useFormats();
  const at = (row: string, column: string) =>
    found.moves.find(({ before, after }) => before === row && after === column)?.entities ?? 0;
  const letters = (name: "before" | "after") =>
    ["", "A", "B", "C", "D"].filter((each) => each || found.moves.some((move) => move[name] === each));
  return (
    <Section title={text.migration}>
      <Flex wrap gap="8px 36px">
        <Statistic title={text.stayed} value={format.share(found.stayed)} />
        <Statistic title={text.psi} value={format.points(found.psi)} />
        <Statistic title={text.verdict} value={wordFor(text, `v_${found.verdict}`)} />
      </Flex>
      <Matrix rows={letters("before")} columns={letters("after")} at={at} caption={text.matrix_say} />
      <Drifts found={found} />
    </Section>
  );
}

function Drifts({ found }: { found: Migration }) {
  const text = useReviewText();
  const format = useFormats();
  const modelName = useModelName();
  return (
    <PlainTable
      label={text.psi}
      dataSource={found.drifts}
      rowKey="code"
      className="models-section"
      columns={[
        { title: text.model, render: (_, { code }) => modelName(code) },
        { title: found.before, render: (_, { before }) => modelName(before) },
        { title: found.after, render: (_, { after }) => modelName(after) },
        { title: text.psi, align: "right", render: (_, { psi }) => format.points(psi) },
        { title: text.verdict, render: (_, { verdict }) => wordFor(text, `v_${verdict}`) },
      ]}
    />
  );
}

function Stable({ query }: { query: { from: string; to: string; area?: string } }) {
  const text = useReviewText();
  const format = useFormats();
  const stability = classification.useQuery("get", "/v1/reviews/stability", { params: { query } });
  return (
    <Section title={text.stability}>
      <Loaded reading={stability}>
        {({ since, until, entered, left }) => (
          <>
            <p>{text.stability_say(since, until, format.count(entered))}</p>
            <Statistic title={text.left_d} value={estimateText(left, format.share)} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
