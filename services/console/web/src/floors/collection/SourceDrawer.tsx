import { App, Button, Descriptions, Drawer, Flex, Table, Tag, Typography } from "antd";
import { ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useMay } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { Loaded } from "../../kit/Loaded";
import { useAct, useAskReason } from "../../kit/useAct";
import { useDurations, useFactTypes } from "./shared";
import { useText } from "./text";

/** One source: what it sends and when it last did, its keys, who changed what. */
export function SourceDrawer({ name, onClose }: { name: string; onClose: () => void }) {
  const words = useWords();
  const text = useText();
  const source = ingestion.useQuery("get", "/v1/sources/{name}", { params: { path: { name } } });
  return (
    <Drawer open title={name} size={720} onClose={onClose} closable={{ "aria-label": words.close }}>
      <Loaded reading={source}>
        {(found) => (
          <Flex vertical gap={16}>
            <Standing source={found} />
            <LastFacts facts={found.last_facts} />
            <Keys source={name} />
            <section>
              <Typography.Title level={2}>{text.changes}</Typography.Title>
              <Changes source={name} />
            </section>
          </Flex>
        )}
      </Loaded>
    </Drawer>
  );
}

type Found = components["schemas"]["SourceDetail"];
type Change = components["schemas"]["ChangeOut"];

const SOURCES = [["get", "/v1/sources"], ["get", "/v1/sources/{name}"], ["source-changes"]];

function Standing({ source }: { source: Found }) {
  const text = useText();
  const { name: typeName } = useFactTypes();
  const duration = useDurations();
  const mayChange = useMay("city_administrator");
  const types = source.fact_types.length === 0 ? text.any_type : source.fact_types.map(typeName).join("、");
  const items = [
    { label: text.owner, children: source.owner },
    { label: text.contact, children: source.contact || "—" },
    { label: text.sends, children: types },
    { label: text.expected, children: duration(source.expected_freshness) ?? text.no_expectation },
    {
      label: text.file_state,
      children: source.suspended ? <Tag color="red">{text.suspended}</Tag> : text.in_use,
    },
  ];
  return (
    <>
      <Descriptions size="small" column={1} items={items} />
      {mayChange && <SuspendButton source={source} />}
    </>
  );
}

function SuspendButton({ source }: { source: Found }) {
  const text = useText();
  const { modal } = App.useApp();
  const act = useAct();
  const set = (suspended: boolean): Promise<boolean> =>
    act({
      send: () =>
        ingestion.call.PUT("/v1/sources/{name}/state", {
          params: { path: { name: source.name } },
          body: { suspended },
        }),
      done: suspended ? text.suspend_done : text.resume_done,
      changes: SOURCES,
      undo: () => void set(!suspended),
    });
  if (source.suspended) return <Button onClick={() => void set(false)}>{text.resume}</Button>;
  const ask = () =>
    modal.confirm({
      title: text.suspend_ask(source.name),
      content: text.suspend_hint,
      onOk: () => set(true),
    });
  return (
    <Button danger onClick={ask}>
      {text.suspend}
    </Button>
  );
}

function LastFacts({ facts }: { facts: Found["last_facts"] }) {
  const text = useText();
  const { moment } = useFormats();
  const { name } = useFactTypes();
  const items = facts.map(({ type, at }) => ({ label: name(type), children: moment(at) }));
  return (
    <section>
      <Typography.Title level={2}>{text.last_facts}</Typography.Title>
      {items.length === 0 ? text.never : <Descriptions size="small" column={1} items={items} />}
    </section>
  );
}

function Keys({ source }: { source: string }) {
  const text = useText();
  const { moment } = useFormats();
  const mayChange = useMay("city_administrator");
  const keys = ingestion.useQuery("get", "/v1/sources/{name}/keys", { params: { path: { name: source } } });
  const { issue, rotate, revoke } = useKeyActs(source);
  const columns = [
    { title: text.key_id, dataIndex: "key_id" },
    { title: text.created, dataIndex: "created_at", render: moment },
    {
      title: text.expires,
      dataIndex: "expires_at",
      render: (at: string | null) => (at ? moment(at) : text.no_end),
    },
    { title: text.last_used, dataIndex: "last_used_on", render: (on: string | null) => on ?? text.unused },
    {
      title: "",
      dataIndex: "revoked_at",
      render: (at: string | null, key: { key_id: string }) => {
        if (at) return <Tag>{text.revoked}</Tag>;
        if (!mayChange) return null;
        return (
          <Flex gap={4}>
            <Button size="small" onClick={() => void rotate(key.key_id)}>
              {text.rotate}
            </Button>
            <Button size="small" danger onClick={() => void revoke(key.key_id)}>
              {text.revoke}
            </Button>
          </Flex>
        );
      },
    },
  ];
  return (
    <section>
      <Flex justify="space-between">
        <Typography.Title level={2}>{text.keys}</Typography.Title>
        {mayChange && <Button onClick={() => void issue()}>{text.issue_key}</Button>}
      </Flex>
      <Loaded reading={keys}>
        {(all) => (
          <Table
            rowKey="key_id"
            size="small"
            pagination={false}
            columns={columns}
            dataSource={all}
            scroll={{ x: "max-content" }}
          />
        )}
      </Loaded>
    </section>
  );
}

function useKeyActs(source: string) {
  const text = useText();
  const { modal } = App.useApp();
  const act = useAct();
  const ask = useAskReason();
  const changes = [
    ["get", "/v1/sources/{name}/keys"],
    ["get", "/v1/sources"],
  ];
  const show = (key: string | undefined) =>
    key &&
    modal.success({
      title: text.key_once,
      content: <Typography.Text copyable>{key}</Typography.Text>,
      width: 560,
    });
  const make = async (
    send: () => Promise<{ data?: { key: string }; error?: unknown; response: Response }>,
  ) => {
    let key: string | undefined;
    const remembering = async () => {
      const answer = await send();
      key = answer.data?.key;
      return answer;
    };
    if (await act({ send: remembering, done: text.issue_key, changes })) show(key);
  };
  return {
    issue: () =>
      make(() => ingestion.call.POST("/v1/sources/{name}/keys", { params: { path: { name: source } } })),
    rotate: (key_id: string) =>
      make(() =>
        ingestion.call.POST("/v1/sources/{name}/keys/{key_id}/rotate", {
          params: { path: { name: source, key_id } },
        }),
      ),
    revoke: async (key_id: string) => {
      if ((await ask(text.revoke_ask, text.revoke_hint)) === null) return;
      const path = { name: source, key_id };
      const send = () => ingestion.call.DELETE("/v1/sources/{name}/keys/{key_id}", { params: { path } });
      await act({ send, done: text.revoke_done, changes });
    },
  };
}

function Changes({ source }: { source: string }) {
  const text = useText();
  const words = useWords();
  const { moment } = useFormats();
  const value = (one: unknown) => (one === null || one === undefined ? "—" : JSON.stringify(one));
  const columns = [
    { title: words.date, dataIndex: "at", render: moment },
    { title: text.changed_by, dataIndex: "by" },
    { title: text.field, dataIndex: "field" },
    { title: text.before, dataIndex: "before", render: value },
    { title: text.after, dataIndex: "after", render: value },
  ];
  return (
    <CursorTable<Change>
      label={text.changes}
      listKey={["source-changes", source]}
      rowKey={(row) => `${row.at}${row.field}`}
      columns={columns}
      read={(cursor) =>
        ingestion.call.GET("/v1/sources/{name}/changes", {
          params: { path: { name: source }, query: { cursor, limit: 20 } },
        })
      }
    />
  );
}
