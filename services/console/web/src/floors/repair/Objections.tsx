import { Button, Tabs, Tag } from "antd";
import { useState } from "react";
import { classification } from "../../api/client";
import { useEntityNames } from "../../api/entityNames";
import { useIndicatorName } from "../../api/indicators";
import { usePersonName } from "../../api/people";
import { useMay, useSeesCity } from "../../app/session";
import { useText as useTitles } from "../../app/text";
import { ObjectDialog } from "../../dialogs/ObjectDialog";
import { useFormats } from "../../i18n/format";
import { useWords, wordFor } from "../../i18n/words";
import { AreaFilter } from "../../kit/AreaFilter";
import { CursorTable, useCursorList } from "../../kit/CursorTable";
import { DueDay } from "../../kit/DueDay";
import { EntityLink } from "../../kit/EntityLink";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { OBJECTION_TABS, OBJECTIONS, type Objection, objectionsAsked } from "./model";
import { ObjectionDrawer } from "./ObjectionDrawer";
import { useText } from "./text";
import "./repair.css";

/** The objections of entities, those due first, first. */
export default function Objections() {
  const titles = useTitles();
  const text = useText();
  const [state, change] = useUrlState();
  const mayFile = useMay("city_administrator", "area_officer", "repair_officer");
  const seesCity = useSeesCity();
  const area = seesCity ? state.area : undefined;
  const [filing, setFiling] = useState(false);
  const tab = OBJECTION_TABS.find((each) => each === state.tab) ?? "open";
  const tabs = OBJECTION_TABS.map((key) => ({
    key,
    label: text[`tab_${key}`],
    children:
      key === tab ? (
        <Queue query={objectionsAsked(tab, area)} onOpen={(number) => change({ number })} />
      ) : null,
  }));
  return (
    <Page
      title={titles.objections}
      lead={text.lead_objections}
      actions={mayFile && <Button onClick={() => setFiling(true)}>{text.new_objection}</Button>}
    >
      {seesCity && (
        <div className="filters stack no-print">
          <AreaFilter value={area} onChange={(chosen) => change({ area: chosen })} />
        </div>
      )}
      <Tabs items={tabs} activeKey={tab} onChange={(key) => change({ tab: key === "open" ? "" : key })} />
      <ObjectionDrawer number={state.number} onClose={() => change({ number: undefined })} />
      <ObjectDialog open={filing} onClose={() => setFiling(false)} />
    </Page>
  );
}

interface QueueProps {
  query: ReturnType<typeof objectionsAsked>;
  onOpen: (number: string) => void;
}

function Queue({ query, onOpen }: QueueProps) {
  const text = useText();
  const listKey = [...OBJECTIONS, query];
  const read = (cursor: string | undefined) =>
    classification.call.GET("/v1/objections", { params: { query: { ...query, cursor, limit: 50 } } });
  const list = useCursorList<Objection>(listKey, read);
  const shown = list.data?.pages.flatMap((page) => page.items) ?? [];
  const names = useEntityNames(shown.map((each) => each.uscc));
  const columns = useColumns(onOpen, names);
  return (
    <CursorTable<Objection>
      label={text.objections}
      emptyHint={text.none_open}
      listKey={listKey}
      rowKey="number"
      columns={columns}
      read={read}
    />
  );
}

function useColumns(onOpen: (number: string) => void, names: ReadonlyMap<string, string>) {
  const text = useText();
  const words = useWords();
  const personName = usePersonName();
  const itemName = useIndicatorName();
  const { list } = useFormats();
  return [
    {
      key: "number",
      title: text.number,
      render: (_: unknown, row: Objection) => (
        <button type="button" className="link" onClick={() => onOpen(String(row.number))}>
          {text.objection} {row.number}
        </button>
      ),
    },
    {
      key: "entity",
      title: words.entity,
      render: (_: unknown, row: Objection) => (
        <div className="two-lines">
          <EntityLink uscc={row.uscc} name={names.get(row.uscc)} />
          <span className="quiet">{row.uscc}</span>
        </div>
      ),
    },
    {
      key: "to",
      title: text.objected_to,
      render: (_: unknown, row: Objection) => (
        <div className="two-lines matter">
          <span>{row.record || list(row.indicators.map(itemName))}</span>
          <span className="quiet">{row.ground}</span>
        </div>
      ),
    },
    { key: "by", title: text.filed_by, render: (_: unknown, row: Objection) => personName(row.filed_by) },
    { key: "filed", title: text.filed_on, dataIndex: "filed_on", className: "nowrap" },
    {
      key: "due",
      title: text.due_on,
      render: (_: unknown, row: Objection) => <DueDay day={row.due_on} settled={row.state !== "open"} />,
    },
    {
      key: "state",
      title: words.state,
      render: (_: unknown, row: Objection) => <Tag>{wordFor(text, `tab_${row.state}`)}</Tag>,
    },
  ];
}
