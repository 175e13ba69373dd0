import { Table, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { BY_ITSELF } from "../../api/client";
import { useText as usePages } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { Page } from "../../kit/Page";
import { type Flow, type LaneFlow, readPerSecond, totals } from "./flow";
import { operationsOf, SERVICES, type Service } from "./services";
import { useText } from "./text";

const EVERY_MS = 5000;

interface Row {
  service: Service;
  flow: Flow | undefined;
  failed: boolean;
  rate: number | null;
}

export default function Lanes() {
  const pages = usePages();
  const text = useText();
  const rows = SERVICES.map(useService);
  return (
    <Page title={pages.lanes} lead={text.lanes_lead} printable>
      <Table<Row>
        rowKey="service"
        size="small"
        pagination={false}
        columns={useColumns()}
        dataSource={rows}
        expandable={{ expandedRowRender: ({ flow }) => <LaneTable lanes={flow?.lanes ?? []} /> }}
        scroll={{ x: "max-content" }}
      />
    </Page>
  );
}

function useService(service: Service): Row {
  const { data, isError } = operationsOf(service).useQuery("get", "/v1/flow", BY_ITSELF, {
    refetchInterval: EVERY_MS,
  });
  const [readings, setReadings] = useState<{ before?: Flow; now?: Flow }>({});
  if (data !== undefined && data.at !== readings.now?.at) setReadings({ before: readings.now, now: data });
  const rate = readings.now ? readPerSecond(readings.before, readings.now) : null;
  return { service, flow: data, failed: isError, rate };
}

function useColumns() {
  const text = useText();
  const { count, moment, points } = useFormats();
  const right = { align: "right" as const };
  const figure = (of: (all: ReturnType<typeof totals>) => string) => ({
    ...right,
    render: (_: unknown, { flow }: Row) => (flow ? of(totals(flow)) : "—"),
  });
  return [
    { title: text.service, dataIndex: "service", render: (service: Service) => text[service] },
    { title: text.state, key: "state", render: (_: unknown, row: Row) => <State row={row} /> },
    { title: text.read, key: "read", ...figure(({ read }) => count(read)) },
    {
      title: text.rate,
      key: "rate",
      ...right,
      render: (_: unknown, { rate }: Row) => (rate === null ? "—" : text.per_second(points(rate))),
    },
    { title: text.lag, key: "lag", ...figure(({ lag }) => count(lag)) },
    { title: text.published, key: "published", ...figure(({ published }) => count(published)) },
    { title: text.pending, key: "pending", ...figure(({ pending }) => count(pending)) },
    { title: text.oldest, key: "oldest", ...figure(({ oldest }) => moment(oldest)) },
    {
      title: text.letters,
      key: "letters",
      ...right,
      render: (_: unknown, { service, flow }: Row) => (
        <Link to={`/operations/dead-letters?service=${service}`}>{count(flow?.open_dead_letters)}</Link>
      ),
    },
  ];
}

function State({ row: { flow, failed } }: { row: Row }) {
  const text = useText();
  if (failed) return <Tag color="red">{text.unreachable}</Tag>;
  if (flow === undefined) return null;
  const { lag, pending } = totals(flow);
  if (lag === null) return <Tag color="orange">{text.unknown}</Tag>;
  return lag + pending > 0 ? (
    <Tag color="orange">{text.lagging}</Tag>
  ) : (
    <Tag color="green">{text.healthy}</Tag>
  );
}

function LaneTable({ lanes }: { lanes: LaneFlow[] }) {
  const text = useText();
  const { count, moment } = useFormats();
  const right = { align: "right" as const };
  const columns = [
    { title: text.lane, dataIndex: "name" },
    { title: text.topic, dataIndex: "topic", render: (topic: string | null) => topic ?? "—" },
    { title: text.read, dataIndex: "read", ...right, render: count },
    { title: text.lag, dataIndex: "lag", ...right, render: count },
    { title: text.published, dataIndex: "published", ...right, render: count },
    { title: text.pending, dataIndex: "pending_batches", ...right, render: count },
    { title: text.oldest, dataIndex: "oldest_pending_at", render: moment },
  ];
  return <Table rowKey="name" size="small" pagination={false} columns={columns} dataSource={lanes} />;
}
