import { DatePicker, Flex, Input, Select, type TableProps, Tag } from "antd";
import dayjs from "dayjs";
import { own } from "../../api/own";
import type { Role } from "../../app/session";
import { useText } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useRoles, wordFor } from "../../i18n/words";
import { type CursorPage, CursorTable } from "../../kit/CursorTable";
import { EntityLink } from "../../kit/EntityLink";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { type AccessEntry, actOf, askedOf, callOf, outcomeOf } from "./access";
import { useAccessText } from "./accessText";
import { ROLES } from "./accounts";
import { useText as useServices } from "./text";

const COLOURS = { ok: "success", refused: "warning", failed: "error", no_answer: "error" };

/** Who saw or changed what through the console, newest first. */
export default function AccessLog() {
  const titles = useText();
  const text = useAccessText();
  const [state] = useUrlState();
  const columns = useColumns();
  return (
    <Page title={titles.access_log} lead={text.lead} printable>
      <Filters />
      <CursorTable<AccessEntry>
        label={titles.access_log}
        listKey={["access-log", askedOf(state).toString()]}
        read={async (cursor) => ({
          data: await own<CursorPage<AccessEntry>>(`/access-log?${askedOf(state, cursor)}`),
        })}
        rowKey="number"
        columns={columns}
        emptyHint={text.nothing}
      />
    </Page>
  );
}

function Filters() {
  const text = useAccessText();
  const roles = useRoles();
  const [state, change] = useUrlState();
  const { since, until } = state;
  return (
    <Flex gap={8} wrap className="stack no-print">
      <TextFilter name="username" label={text.who} />
      <Select<Role>
        aria-label={text.role}
        placeholder={text.role}
        className="filter"
        allowClear
        value={state.role as Role | undefined}
        options={ROLES.map((value) => ({ value, label: roles[value] }))}
        onChange={(role) => change({ role })}
      />
      <TextFilter name="entity" label={text.entity} />
      <DatePicker.RangePicker
        aria-label={text.period}
        allowEmpty={[true, true]}
        value={[since ? dayjs(since) : null, until ? dayjs(until) : null]}
        onChange={(days) =>
          change({ since: days?.[0]?.format("YYYY-MM-DD"), until: days?.[1]?.format("YYYY-MM-DD") })
        }
      />
    </Flex>
  );
}

function TextFilter({ name, label }: { name: "username" | "entity"; label: string }) {
  const [state, change] = useUrlState();
  return (
    <Input.Search
      key={state[name] ?? ""}
      className="filter"
      aria-label={label}
      placeholder={label}
      allowClear
      defaultValue={state[name]}
      onSearch={(value) => change({ [name]: value.trim() })}
    />
  );
}

function useColumns() {
  const text = useAccessText();
  const roles = useRoles();
  const { seconds, count } = useFormats();
  const columns: TableProps<AccessEntry>["columns"] = [
    { title: text.at, dataIndex: "at", render: seconds },
    { title: text.who, dataIndex: "username" },
    { title: text.role, dataIndex: "role", render: (role: Role) => roles[role] },
    { title: text.action, key: "action", render: (_, entry) => <Action entry={entry} /> },
    {
      title: text.what,
      key: "what",
      render: (_, entry) => <What entry={entry} />,
    },
    { title: text.about, dataIndex: "entity", render: (uscc) => (uscc ? <EntityLink uscc={uscc} /> : "—") },
    { title: text.outcome, dataIndex: "status", render: (status) => <Result status={status} /> },
    {
      title: text.took,
      dataIndex: "duration_ms",
      align: "right",
      render: (duration: number) => text.ms(count(duration)),
    },
    { title: text.address, dataIndex: "address" },
  ];
  return columns;
}

/** What was asked of which service, in words; below it the request itself, for who looks closer. */
function What({ entry }: { entry: AccessEntry }) {
  const text = useAccessText();
  const services = useServices();
  const named = useNamed();
  const { service, path, query, reason } = entry;
  const call = callOf(entry);
  return (
    <span className="access-what">
      {wordFor(services, service)}
      {call && ` · ${named(call)}`}
      <div>
        <code className="quiet">{query ? `${path}?${query}` : path}</code>
      </div>
      {reason && <div>{text.reason(reason)}</div>}
    </span>
  );
}

function Action({ entry }: { entry: AccessEntry }) {
  const text = useAccessText();
  const act = actOf(entry);
  return act === "changed" ? <strong>{text[act]}</strong> : text[act];
}

function Result({ status }: { status: number | null }) {
  const text = useAccessText();
  const outcome = outcomeOf(status);
  return (
    <Tag color={COLOURS[outcome]}>
      {text[outcome]}
      {outcome !== "ok" && status !== null && ` ${status}`}
    </Tag>
  );
}
