import { Button, Flex, Input, Select, Tag } from "antd";
import { useState } from "react";
import { ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useMay } from "../../app/session";
import { useText as usePages } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useReasons } from "../../i18n/reasons";
import { useWords, wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { DownloadButton } from "../../kit/DownloadButton";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { BulkActions } from "./BulkActions";
import { QuarantineItem } from "./QuarantineItem";
import { useFactTypes } from "./shared";
import { useText } from "./text";

type Item = components["schemas"]["QuarantinedOut"];
type State = components["schemas"]["State"];

export interface QuarantineFilter {
  source?: string;
  reason?: string;
  type?: string;
  subject?: string;
  state: State;
}

function filterIn(state: Record<string, string>): QuarantineFilter {
  const { source, reason, type, subject } = state;
  return { source, reason, type, subject, state: (state.state as State | undefined) ?? "open" };
}

export default function Quarantine() {
  const pages = usePages();
  const text = useText();
  const words = useWords();
  const [state, setState] = useUrlState();
  const filter = filterIn(state);
  const asked = new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString();
  return (
    <Page
      title={pages.quarantine}
      lead={text.quarantine_lead}
      actions={
        <DownloadButton href={`/api/ingestion/v1/quarantine.xlsx?${asked}`}>
          {words.export_excel}
        </DownloadButton>
      }
    >
      <Heaps filter={filter} onPick={setState} />
      <Filters filter={filter} onChange={setState} />
      <Work key={asked} filter={filter} onOpen={(id) => setState({ item: String(id) })} />
      {state.item && (
        <QuarantineItem number={Number(state.item)} onClose={() => setState({ item: undefined })} />
      )}
    </Page>
  );
}

/** The list and what may be done with many of it; other filters are another list, of which nothing is chosen. */
function Work({ filter, onOpen }: { filter: QuarantineFilter; onOpen: (id: number) => void }) {
  const [chosen, setChosen] = useState<number[]>([]);
  return (
    <>
      {filter.state === "open" && <BulkActions chosen={chosen} onDone={() => setChosen([])} />}
      <ItemTable filter={filter} chosen={chosen} onChoose={setChosen} onOpen={onOpen} />
    </>
  );
}

interface FilterProps {
  filter: QuarantineFilter;
  onChange: (change: Record<string, string | undefined>) => void;
}

function Heaps({ filter, onPick }: { filter: QuarantineFilter; onPick: FilterProps["onChange"] }) {
  const reasons = useReasons();
  const { count } = useFormats();
  const query = { ...filter, source: undefined, reason: undefined };
  const { data } = ingestion.useQuery("get", "/v1/quarantine/counts", { params: { query } });
  return (
    <Flex gap={8} wrap className="stack">
      {data?.map(({ source, reason, facts }) => (
        <Button key={`${source}${reason}`} size="small" onClick={() => onPick({ source, reason })}>
          {`${source} · ${wordFor(reasons, reason)} · ${count(facts)}`}
        </Button>
      ))}
    </Flex>
  );
}

function Filters({ filter, onChange }: FilterProps) {
  const text = useText();
  const words = useWords();
  const reasons = useReasons();
  const { types, name } = useFactTypes();
  const states = (["open", "released", "discarded"] as const).map((value) => ({
    value,
    label: text[`state_${value}`],
  }));
  const options = {
    reason: Object.entries(reasons).map(([value, label]) => ({ value, label })),
    type: types.map(({ type }) => ({ value: type, label: name(type) })),
  };
  return (
    <Flex gap={8} wrap className="stack no-print">
      <Select
        aria-label={text.file_state}
        value={filter.state}
        options={states}
        onChange={(state) => onChange({ state })}
      />
      <Select
        aria-label={text.reason}
        allowClear
        placeholder={text.reason}
        className="filter"
        value={filter.reason}
        options={options.reason}
        onChange={(reason) => onChange({ reason })}
      />
      <Select
        aria-label={text.fact_type}
        allowClear
        placeholder={text.fact_type}
        className="filter"
        value={filter.type}
        options={options.type}
        onChange={(type) => onChange({ type })}
      />
      <Input.Search
        aria-label={text.source}
        allowClear
        placeholder={text.source}
        className="filter"
        defaultValue={filter.source}
        onSearch={(source) => onChange({ source })}
      />
      <Input.Search
        aria-label={text.subject}
        allowClear
        placeholder={text.subject}
        className="filter"
        defaultValue={filter.subject}
        onSearch={(subject) => onChange({ subject })}
      />
      <Button
        onClick={() =>
          onChange({
            source: undefined,
            reason: undefined,
            type: undefined,
            subject: undefined,
            state: undefined,
          })
        }
      >
        {words.reset}
      </Button>
    </Flex>
  );
}

interface TableProps {
  filter: QuarantineFilter;
  chosen: number[];
  onChoose: (ids: number[]) => void;
  onOpen: (id: number) => void;
}

function ItemTable({ filter, chosen, onChoose, onOpen }: TableProps) {
  const pages = usePages();
  const maySettle = useMay("city_administrator") && filter.state === "open";
  return (
    <CursorTable<Item>
      label={pages.quarantine}
      listKey={["quarantine", filter]}
      rowKey="id"
      columns={useColumns(onOpen)}
      rowSelection={
        maySettle
          ? { hideSelectAll: true, selectedRowKeys: chosen, onChange: (keys) => onChoose(keys.map(Number)) }
          : undefined
      }
      read={(cursor) =>
        ingestion.call.GET("/v1/quarantine", { params: { query: { ...filter, cursor, limit: 50 } } })
      }
    />
  );
}

function useColumns(onOpen: (id: number) => void) {
  const text = useText();
  const reasons = useReasons();
  const { moment } = useFormats();
  const { name } = useFactTypes();
  const maySettle = useMay("city_administrator");
  return [
    { title: text.received, dataIndex: "received_at", render: moment },
    { title: text.source, dataIndex: "source" },
    { title: text.fact_type, dataIndex: "type", render: name },
    { title: text.subject, dataIndex: "subject", render: (subject: string) => subject || "—" },
    {
      title: text.reason,
      dataIndex: "reason",
      render: (reason: string) => <Tag color="orange">{wordFor(reasons, reason)}</Tag>,
    },
    {
      title: text.file_state,
      dataIndex: "state",
      render: (state: State, { settled_by }: Item) =>
        [text[`state_${state}`], settled_by].filter(Boolean).join(" · "),
    },
    {
      title: "",
      key: "open",
      render: (_: unknown, { id, state }: Item) => (
        <Button size="small" onClick={() => onOpen(id)}>
          {maySettle && state === "open" ? text.settle : text.original}
        </Button>
      ),
    },
  ];
}
