import { Grid, Tabs } from "antd";
import { useState } from "react";
import { profiling } from "../../api/client";
import { useMay } from "../../app/session";
import { useText as useTitles } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { CursorCards } from "../../kit/CursorCards";
import { CursorTable, useCursorList } from "../../kit/CursorTable";
import { Page } from "../../kit/Page";
import { useRowKeys } from "../../kit/useRowKeys";
import { useToday } from "../../kit/useToday";
import { useUrlState } from "../../kit/useUrlState";
import { BulkBar } from "./BulkBar";
import { useColumns } from "./columns";
import { Filters } from "./Filters";
import { asked, limits, type Signal, TABS, type Tab, tabCounts, tabOf } from "./model";
import { SignalCard } from "./SignalCard";
import { useText } from "./text";
import { SIGNALS } from "./useSignalActs";
import "./warnings.css";

/** The queue of warnings: what is to be done first, first. */
export default function Warnings() {
  const titles = useTitles();
  const text = useText();
  const { count } = useFormats();
  const [state, change] = useUrlState();
  const tab = tabOf(state.tab);
  const today = useToday();
  const counts = profiling.useQuery("get", "/v1/signals/counts", { params: { query: limits(state, today) } });
  const numbers = counts.data && tabCounts(counts.data, state.severity);
  useRowKeys();
  const tabs = TABS.map((key) => ({
    key,
    label: (
      <>
        {text[`tab_${key}`]}{" "}
        {numbers && (
          <span className="tab-count">
            {key === "cleared" && text.cleared_lately} {count(numbers[key])}
          </span>
        )}
      </>
    ),
    children: key === tab ? <Queue key={JSON.stringify(state)} tab={tab} state={state} /> : null,
  }));
  return (
    <Page title={titles.warnings} lead={text.lead}>
      <Filters state={state} change={change} />
      <Tabs items={tabs} activeKey={tab} onChange={(key) => change({ tab: key === "open" ? "" : key })} />
    </Page>
  );
}

function Queue({ tab, state }: { tab: Tab; state: Record<string, string> }) {
  const text = useText();
  const wide = Grid.useBreakpoint().md ?? true;
  const mayWork = useMay("city_administrator", "area_officer", "inspector");
  const [picked, setPicked] = useState<string[]>([]);
  const columns = useColumns(tab);
  const query = asked(state, useToday());
  const list = {
    label: text.list,
    emptyHint: text.nothing_open,
    listKey: [...SIGNALS, query],
    rowKey: (row: Signal) => row.signal_id,
    read: (cursor: string | undefined) =>
      profiling.call.GET("/v1/signals", { params: { query: { ...query, cursor, limit: 50 } } }),
  };
  const loaded = useCursorList<Signal>(list.listKey, list.read);
  if (!wide) return <CursorCards<Signal> {...list} card={(signal) => <SignalCard signal={signal} />} />;
  const picking = mayWork && (tab === "open" || tab === "mine");
  const shown = loaded.data?.pages.flatMap((page) => page.items.map((row) => row.signal_id)) ?? [];
  return (
    <>
      {picking && <BulkBar shown={shown} picked={picked} onPick={setPicked} />}
      <CursorTable<Signal>
        {...list}
        columns={columns}
        rowSelection={
          picking
            ? {
                selectedRowKeys: picked,
                onChange: (keys) => setPicked(keys.map(String)),
                hideSelectAll: true,
                getCheckboxProps: (row) => ({ "aria-label": text.pick(row.entity_name || row.uscc) }),
              }
            : undefined
        }
      />
    </>
  );
}
