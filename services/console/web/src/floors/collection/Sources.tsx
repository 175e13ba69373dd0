import { Alert, Button, Flex, Table, Tag } from "antd";
import { ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useMay } from "../../app/session";
import { useText as usePages } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useAct, useAskReason } from "../../kit/useAct";
import { useUrlState } from "../../kit/useUrlState";
import { SourceDrawer } from "./SourceDrawer";
import { useDurations, useFactTypes } from "./shared";
import { useText } from "./text";

export default function Sources() {
  const pages = usePages();
  const text = useText();
  const [state, setState] = useUrlState();
  const sources = ingestion.useQuery("get", "/v1/sources");
  return (
    <Page title={pages.sources} lead={text.sources_lead} printable>
      <Alerts />
      <Loaded reading={sources} isEmpty={(all) => all.length === 0}>
        {(all) => <SourceTable sources={all} onOpen={(name) => setState({ source: name })} />}
      </Loaded>
      {state.source && <SourceDrawer name={state.source} onClose={() => setState({ source: undefined })} />}
    </Page>
  );
}

type Source = components["schemas"]["SourceListed"];

function SourceTable({ sources, onOpen }: { sources: Source[]; onOpen: (name: string) => void }) {
  const text = useText();
  const { name: typeName } = useFactTypes();
  const duration = useDurations();
  const columns = [
    {
      title: text.source,
      dataIndex: "name",
      render: (name: string) => (
        <Button type="link" size="small" onClick={() => onOpen(name)}>
          {name}
        </Button>
      ),
    },
    { title: text.owner, dataIndex: "owner" },
    {
      title: text.sends,
      dataIndex: "fact_types",
      render: (types: string[]) => (types.length === 0 ? text.any_type : types.map(typeName).join("、")),
    },
    {
      title: text.expected,
      dataIndex: "expected_freshness",
      render: (value: string | null) =>
        duration(value) ?? <span className="quiet">{text.no_expectation}</span>,
    },
    {
      title: text.last_facts,
      key: "last",
      render: (_: unknown, source: Source) => <Freshness source={source} />,
    },
    {
      title: text.channels,
      dataIndex: "kafka_enabled",
      render: (kafka: boolean) => (kafka ? "HTTP、Kafka" : "HTTP"),
    },
    {
      title: text.key_state,
      dataIndex: "expiring_keys",
      render: (keys: string[]) =>
        keys.length > 0 ? <Tag color="orange">{text.expiring(String(keys.length))}</Tag> : text.keys_fine,
    },
    {
      title: text.file_state,
      dataIndex: "suspended",
      render: (suspended: boolean) => (suspended ? <Tag color="red">{text.suspended}</Tag> : text.in_use),
    },
  ];
  return (
    <Table
      rowKey="name"
      size="small"
      pagination={false}
      columns={columns}
      dataSource={sources}
      scroll={{ x: "max-content" }}
    />
  );
}

function Freshness({ source }: { source: Source }) {
  const text = useText();
  const { moment } = useFormats();
  if (source.last_fact_at === null) return <span className="quiet">{text.never}</span>;
  return (
    <>
      {moment(source.last_fact_at)} {source.late && <Tag color="red">{text.late}</Tag>}
    </>
  );
}

function Alerts() {
  const text = useText();
  const { moment } = useFormats();
  const mayAcknowledge = useMay("city_administrator");
  const act = useAct();
  const ask = useAskReason();
  const { data } = ingestion.useQuery("get", "/v1/alerts", { params: { query: { state: "open" } } });
  const acknowledge = async (number: number) => {
    const reason = await ask(text.acknowledge_ask);
    if (reason === null) return;
    await act({
      send: () =>
        ingestion.call.POST("/v1/alerts/{number}/acknowledge", {
          params: { path: { number } },
          body: { reason },
        }),
      done: text.acknowledged,
      changes: [["get", "/v1/alerts"]],
    });
  };
  return (
    <Flex vertical gap={6} className="stack">
      {data?.items.map((alert) => (
        <Alert
          key={alert.id}
          type="warning"
          showIcon
          title={`${text[alert.kind]}：${alert.source}${alert.about ? ` · ${alert.about}` : ""}`}
          description={`${text.since} ${moment(alert.since)}`}
          action={
            mayAcknowledge && <Button onClick={() => void acknowledge(alert.id)}>{text.acknowledge}</Button>
          }
        />
      ))}
    </Flex>
  );
}
