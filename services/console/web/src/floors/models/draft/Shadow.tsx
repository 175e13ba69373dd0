import { Button, Flex, Segmented, Statistic, Typography } from "antd";
import { classification } from "../../../api/client";
import { useEntityNames } from "../../../api/entityNames";
import type { components } from "../../../api/generated/classification";
import { useNames } from "../../../api/vocabulary";
import { useMay } from "../../../app/session";
import { useFormats } from "../../../i18n/format";
import { useWords } from "../../../i18n/words";
import { ClassTag } from "../../../kit/ClassTag";
import { CursorTable, useCursorList } from "../../../kit/CursorTable";
import { EntityLink } from "../../../kit/EntityLink";
import { Loaded } from "../../../kit/Loaded";
import { useAct } from "../../../kit/useAct";
import { useUrlState } from "../../../kit/useUrlState";
import { Mark } from "../definition/Mark";
import { Section } from "../definition/WholeModel";
import { type Draft, shadowOf } from "./fourEyes";
import { Matrix } from "./Matrix";
import { changesOf } from "./useSave";
import type { Trying } from "./useWhatIf";
import { useWhatIfText } from "./whatIfText";

type Comparison = components["schemas"]["Comparison"];
type Group = Comparison["groups"][number];
type Mover = components["schemas"]["MoverRow"];

interface Props {
  draft: Draft;
  trail: components["schemas"]["StepRow"][];
  trying: Trying;
}

/** The draft beside the live models: start, stop, and what it made of entities meanwhile. */
export function Shadow({ draft, trail, trying }: Props) {
  const text = useWhatIfText();
  const shadow = shadowOf(trail);
  return (
    <Section title={text.shadow} lead={text.shadow_lead}>
      <Order draft={draft} running={shadow === "running"} trying={trying} />
      {shadow === "none" ? <p className="quiet">{text.shadow_none}</p> : <Compared number={draft.id} />}
    </Section>
  );
}

function Order({ draft, running, trying }: { draft: Draft; running: boolean; trying: Trying }) {
  const text = useWhatIfText();
  const act = useAct();
  const may = useMay("model_manager") && draft.state !== "promoted" && draft.state !== "withdrawn";
  if (!may) return null;
  const shares = draft.state === "open" && trying.isOfThis && trying.answer && !hasOwnCuts(draft.text);
  const body = {
    action: running ? ("stop" as const) : ("start" as const),
    ...(!running && shares ? { what_if_id: trying.answer?.id } : {}),
  };
  const params = { path: { number: draft.id } };
  const order = () =>
    act({
      send: () => classification.call.POST("/v1/drafts/{number}/shadow", { params, body }),
      done: running ? text.shadow_stopped : text.shadow_started,
      changes: changesOf(draft.id),
    });
  return (
    <Button
      className="models-switch no-print"
      disabled={!running && draft.problems.length > 0}
      onClick={() => void order()}
    >
      {running ? text.shadow_stop : text.shadow_start}
    </Button>
  );
}

function hasOwnCuts(text: string): boolean {
  return /^\s+cuts:/m.test(text);
}

function Compared({ number }: { number: number }) {
  const [{ by = "none" }] = useUrlState();
  const query = { by: by as "none" | "area" | "sector" };
  const params = { path: { number }, query };
  const found = classification.useQuery("get", "/v1/drafts/{number}/shadow", { params });
  return (
    <Loaded reading={found}>
      {(comparison) => (
        <>
          <Run run={comparison.run} />
          <Groups comparison={comparison} by={by} />
          {comparison.groups.some(({ moving }) => moving > 0) && <Movers number={number} />}
        </>
      )}
    </Loaded>
  );
}

function Run({ run }: { run: Comparison["run"] }) {
  const text = useWhatIfText();
  const format = useFormats();
  return (
    <p>
      <Mark tone={run.stopped_at ? "plain" : "good"}>{run.stopped_at ? text.stopped : text.running}</Mark>
      {text.run_since(run.started_by, format.moment(run.started_at))}
      {run.stopped_at && ` · ${text.run_until(run.stopped_by ?? "", format.moment(run.stopped_at))}`}
    </p>
  );
}

function Groups({ comparison, by }: { comparison: Comparison; by: string }) {
  const text = useWhatIfText();
  const words = useWords();
  const [, change] = useUrlState();
  return (
    <>
      <Segmented
        className="no-print models-switch"
        aria-label={text.compare_by}
        value={by}
        options={[
          { value: "none", label: text.by_none },
          { value: "area", label: words.area },
          { value: "sector", label: words.sector },
        ]}
        onChange={(value) => change({ by: value === "none" ? undefined : value })}
      />
      {comparison.groups.length === 0 && <p className="quiet">{text.shadow_empty}</p>}
      <Flex wrap gap="12px 28px">
        {comparison.groups.map((group) => (
          <OneGroup key={group.group} group={group} by={by} />
        ))}
      </Flex>
    </>
  );
}

function OneGroup({ group, by }: { group: Group; by: string }) {
  const text = useWhatIfText();
  const format = useFormats();
  const areaName = useNames("areas");
  const sectorName = useNames("sectors");
  const at = (row: string, column: string) =>
    group.matrix.find(({ live_class, draft_class }) => live_class === row && draft_class === column)
      ?.entities ?? 0;
  const letters = (name: "live_class" | "draft_class") =>
    ["", "A", "B", "C", "D"].filter((each) => each || group.matrix.some((cell) => cell[name] === each));
  return (
    <div>
      {group.group && (
        <Typography.Title level={3} className="models-h3">
          {by === "area" ? areaName(group.group) : sectorName(group.group)}
        </Typography.Title>
      )}
      <Flex gap={20}>
        <Statistic title={text.compared} value={format.count(group.entities)} />
        <Statistic title={text.movers} value={format.count(group.moving)} />
      </Flex>
      <Matrix rows={letters("live_class")} columns={letters("draft_class")} at={at} />
    </div>
  );
}

function Movers({ number }: { number: number }) {
  const text = useWhatIfText();
  const words = useWords();
  const format = useFormats();
  const areaName = useNames("areas");
  const path = { number };
  const listKey = ["get", "/v1/drafts/{number}/shadow", "movers", number];
  const read = (cursor: string | undefined) =>
    classification.call.GET("/v1/drafts/{number}/shadow/movers", {
      params: { path, query: { cursor, limit: 30 } },
    });
  const listed = useCursorList<Mover>(listKey, read);
  const names = useEntityNames(
    listed.data?.pages.flatMap(({ items }) => items.map(({ uscc }) => uscc)) ?? [],
  );
  return (
    <CursorTable<Mover>
      label={text.list_movers}
      listKey={listKey}
      read={read}
      rowKey="uscc"
      columns={[
        {
          title: words.entity,
          render: (_, row) => <EntityLink uscc={row.uscc} name={names.get(row.uscc)} />,
        },
        { title: words.area, render: (_, row) => areaName(row.area_code) },
        { title: text.before, render: (_, row) => <ClassTag value={row.live_class} /> },
        { title: text.after, render: (_, row) => <ClassTag value={row.draft_class} /> },
        { title: text.score_before, align: "right", render: (_, row) => format.points(row.live_score) },
        { title: text.score_after, align: "right", render: (_, row) => format.points(row.draft_score) },
        { title: text.decided_at, render: (_, row) => format.moment(row.decided_at) },
      ]}
    />
  );
}
