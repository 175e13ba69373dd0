import { App, Button, Flex, Input, Progress, type TableProps } from "antd";
import { useState } from "react";
import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { useFormats } from "../../../i18n/format";
import { Loaded } from "../../../kit/Loaded";
import { useAct } from "../../../kit/useAct";
import { useToday } from "../../../kit/useToday";
import { PlainTable } from "../definition/PlainTable";
import { Section } from "../definition/WholeModel";
import { Copies } from "./Copies";
import { useRunsText } from "./runsText";

type Run = components["schemas"]["classification_service__http_api__runs__RunState"];
const CHANGES = [["get", "/v1/runs/monthly"]];
const POLL_MS = 2000;

/** Monthly runs with how far each is, and copies of the city. */
export function Runs() {
  const text = useRunsText();
  const runs = classification.useQuery(
    "get",
    "/v1/runs/monthly",
    {},
    { refetchInterval: ({ state }) => (state.data?.items.some((run) => !run.is_complete) ? POLL_MS : false) },
  );
  return (
    <>
      <Section title={text.runs_title} lead={text.runs_lead}>
        <Begin />
        <Loaded reading={runs} isEmpty={({ items }) => items.length === 0} emptyHint={text.no_runs}>
          {({ items }) => <RunTable runs={items} />}
        </Loaded>
      </Section>
      <Copies />
    </>
  );
}

function Begin() {
  const text = useRunsText();
  const act = useAct();
  const { modal } = App.useApp();
  const today = useToday();
  const [day, choose] = useState(today);
  const begin = () =>
    modal.confirm({
      title: `${text.begin_run} ${day}`,
      content: text.begin_run_hint,
      okText: text.begin_run,
      onOk: () =>
        act({
          send: () => classification.call.POST("/v1/runs/monthly", { body: { business_day: day } }),
          done: text.run_begun,
          changes: CHANGES,
        }),
    });
  return (
    <Flex gap={8} wrap className="models-switch no-print">
      <span className="models-field">
        <span>{text.day}</span>
        <Input
          type="date"
          aria-label={text.day}
          value={day}
          onChange={({ target }) => target.value && choose(target.value)}
        />
      </span>
      <Button onClick={begin}>{text.begin_run}</Button>
    </Flex>
  );
}

function RunTable({ runs }: { runs: Run[] }) {
  const text = useRunsText();
  const format = useFormats();
  const number = (title: string, name: "entities" | "left" | "moved" | "decided" | "announced") => ({
    title,
    align: "right" as const,
    render: (_: unknown, run: Run) => format.count(run[name]),
  });
  const columns: TableProps<Run>["columns"] = [
    { title: text.day, dataIndex: "business_day" },
    { title: text.begun, render: (_, run) => format.moment(run.begun_at) },
    { title: text.ended, render: (_, run) => format.moment(run.ended_at) },
    { title: text.progress, render: (_, run) => <Far run={run} /> },
    number(text.entities, "entities"),
    number(text.left, "left"),
    number(text.moved, "moved"),
    number(text.decided, "decided"),
    number(text.announced, "announced"),
    {
      title: "A / B / C / D",
      align: "right",
      render: (_, run) => ["A", "B", "C", "D"].map((each) => format.count(run.counts[each])).join(" / "),
    },
  ];
  return <PlainTable<Run> label={text.runs_title} columns={columns} dataSource={runs} rowKey="id" />;
}

/** How far a run is: who was done or left of all, and the stretches to come. */
function Far({ run }: { run: Run }) {
  const text = useRunsText();
  const format = useFormats();
  const done = run.counts;
  const judged = Object.values(done).reduce((sum, each) => sum + each, 0) + run.left;
  const percent = run.is_complete
    ? 100
    : Math.min(99, Math.round((judged / Math.max(1, run.entities)) * 100));
  return (
    <Flex vertical className="models-far">
      <Progress
        percent={percent}
        size="small"
        status={run.is_complete ? "success" : "active"}
        aria-label={text.progress}
      />
      <small className="quiet">
        {run.is_complete ? text.finished : text.stretches(format.count(run.stretches_left))}
      </small>
    </Flex>
  );
}
