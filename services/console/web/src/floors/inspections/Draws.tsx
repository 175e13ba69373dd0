import { Descriptions, Table, Tag, Typography } from "antd";
import { sampling } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { useFormats } from "../../i18n/format";
import { useWords, wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { DownloadButton } from "../../kit/DownloadButton";
import { type Draw, promiseOf, type Quota, quotasOf } from "./model";
import { useText } from "./text";
import { useWhy } from "./useVisits";
import { Items } from "./Visit";

const STATE_COLOURS: Record<string, string> = { committed: "gold", revealed: "green", abandoned: "default" };

/** The draws, each with what was promised before it and the file that proves it. */
export function Draws() {
  const text = useText();
  const columns = useColumns();
  return (
    <CursorTable<Draw>
      label={text.draws}
      listKey={["draws"]}
      rowKey="draw_id"
      columns={columns}
      expandable={{ expandedRowRender: (draw) => <OneDraw draw={draw} /> }}
      read={(cursor) => sampling.call.GET("/v1/draws", { params: { query: { cursor, limit: 30 } } })}
    />
  );
}

function useColumns() {
  const text = useText();
  const words = useWords();
  const { count } = useFormats();
  const areaName = useNames("areas");
  return [
    { key: "draw", title: text.number, dataIndex: "draw_id" },
    { key: "day", title: text.drawn_on, dataIndex: "day" },
    {
      key: "area",
      title: words.area,
      render: (_: unknown, draw: Draw) => (draw.area_code ? areaName(draw.area_code) : text.whole_city),
    },
    { key: "items", title: text.items, render: (_: unknown, draw: Draw) => <Items codes={draw.items} /> },
    {
      key: "state",
      title: words.state,
      render: (_: unknown, draw: Draw) => (
        <Tag color={STATE_COLOURS[draw.state]}>{wordFor(text, `state_${draw.state}`)}</Tag>
      ),
    },
    {
      key: "population",
      title: text.population,
      align: "right" as const,
      render: (_: unknown, draw: Draw) => count(promiseOf(draw).population),
    },
    {
      key: "drawn",
      title: text.drawn,
      align: "right" as const,
      render: (_: unknown, draw: Draw) => count(draw.drawn),
    },
    { key: "file", title: text.file, render: (_: unknown, draw: Draw) => <DrawFile draw={draw} /> },
  ];
}

function DrawFile({ draw }: { draw: Draw }) {
  const text = useText();
  if (draw.state !== "revealed") return <span className="quiet">—</span>;
  return (
    <DownloadButton type="link" size="small" href={`/api/sampling/v1/draws/${draw.draw_id}/file`}>
      {text.download}
    </DownloadButton>
  );
}

function OneDraw({ draw }: { draw: Draw }) {
  const text = useText();
  const { count, seconds } = useFormats();
  const promise = promiseOf(draw);
  const excluded = Object.entries(promise.excluded ?? {}).map(
    ([why, many]) => `${wordFor(text, why)} ${count(many)}`,
  );
  const items = [
    { key: "verify", label: text.verify, span: "filled" as const, children: <HowToVerify draw={draw} /> },
    {
      key: "hash",
      label: text.commitment,
      span: "filled" as const,
      children: <Typography.Text copyable>{draw.commitment_sha256}</Typography.Text>,
    },
    { key: "source", label: text.seed_source, children: promise.seed_rule?.source ?? "—" },
    { key: "known", label: text.known_from, children: seconds(promise.seed_rule?.known_from) },
    { key: "seed", label: text.seed, children: draw.public_seed ?? "—" },
    { key: "by", label: text.ordered_by, children: draw.ordered_by },
    { key: "at", label: text.settled_at, children: seconds(draw.settled_at) },
    { key: "excluded", label: text.excluded, children: excluded.join("，") || "—" },
  ];
  return (
    <>
      <Descriptions items={items} size="small" column={2} />
      <Quotas draw={draw} />
    </>
  );
}

function HowToVerify({ draw }: { draw: Draw }) {
  const text = useText();
  return (
    <span>
      {text.verify_how} <code>creditloop verify-draw {draw.draw_id}.json</code>
    </span>
  );
}

function Quotas({ draw }: { draw: Draw }) {
  const text = useText();
  const { count } = useFormats();
  const why = useWhy();
  const promise = promiseOf(draw);
  const uniform = {
    stratum: "uniform",
    take: promise.uniform_take ?? 0,
    population: promise.population ?? 0,
  };
  return (
    <Table<Quota>
      size="small"
      pagination={false}
      rowKey="stratum"
      dataSource={[uniform, ...quotasOf(draw)]}
      columns={[
        { key: "stratum", title: text.stratum, render: (_, row) => why(row.stratum) },
        { key: "take", title: text.taken, align: "right", render: (_, row) => count(row.take) },
        { key: "of", title: text.of, align: "right", render: (_, row) => count(row.population) },
      ]}
    />
  );
}
