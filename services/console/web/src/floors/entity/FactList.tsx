import { Select, type TableProps, Tag } from "antd";
import { useEffect, useMemo, useRef } from "react";
import { useFormats } from "../../i18n/format";
import { DataTable } from "../../kit/DataTable";
import { useFactWords } from "../../kit/useFactWords";
import { useUrlState } from "../../kit/useUrlState";
import { type Pair, standingOf } from "./clocks";
import { Part } from "./Part";
import type { Fact } from "./reads";
import { useTimelineText } from "./timelineText";

/** The facts with what they say, newest first; the address keeps which types are shown and which one is meant. */
export function FactList({ facts, pair }: { facts: Fact[]; pair: Pair | null }) {
  const text = useTimelineText();
  const format = useFormats();
  const [{ types = "", fact }] = useUrlState();
  const place = useMeant(fact);
  const columns = useColumns(pair);
  const wanted = types.split(",").filter(Boolean);
  const shown = useMemo(() => inOrder(facts, types), [facts, types]);
  return (
    <Part
      title={text.facts}
      extra={
        <span className="quiet">
          {text.facts_shown(format.count(shown.length), format.count(facts.length))}
        </span>
      }
    >
      <TypeFilter facts={facts} wanted={wanted} />
      <div ref={place}>
        <DataTable<Fact>
          rowKey="number"
          columns={columns}
          dataSource={shown}
          scroll={{ x: 640 }}
          rowClassName={(row) => rowClass(row, fact, pair)}
        />
      </div>
    </Part>
  );
}

function inOrder(facts: Fact[], types: string): Fact[] {
  const wanted = types.split(",").filter(Boolean);
  return facts
    .filter(({ type }) => wanted.length === 0 || wanted.includes(type))
    .sort((one, other) => other.occurred_at.localeCompare(one.occurred_at));
}

function rowClass(row: Fact, meant: string | undefined, pair: Pair | null): string {
  const faded = pair !== null && standingOf(row, pair) !== "held" ? "entity-faded" : "";
  return `${row.source}|${row.fact_id}` === meant ? "entity-meant" : faded;
}

/** Brings the fact that the address names into view. */
function useMeant(fact: string | undefined) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (fact) place.current?.querySelector(".entity-meant")?.scrollIntoView({ block: "center" });
  }, [fact]);
  return place;
}

function TypeFilter({ facts, wanted }: { facts: Fact[]; wanted: string[] }) {
  const text = useTimelineText();
  const words = useFactWords();
  const [, change] = useUrlState();
  const options = [...new Set([...facts.map(({ type }) => type), ...wanted])].map((type) => ({
    value: type,
    label: words.type(type),
  }));
  return (
    <Select
      mode="multiple"
      allowClear
      className="entity-types no-print"
      aria-label={text.types}
      placeholder={text.types_any}
      value={wanted}
      options={options}
      optionFilterProp="label"
      onChange={(types) => change({ types: types.join(",") })}
    />
  );
}

function useColumns(pair: Pair | null): TableProps<Fact>["columns"] {
  const text = useTimelineText();
  const words = useFactWords();
  const format = useFormats();
  return [
    { title: text.valid, width: 132, render: (_, row) => format.moment(row.occurred_at) },
    { title: text.type, width: 110, render: (_, row) => <b>{words.type(row.type)}</b> },
    { title: text.says, render: (_, row) => <Says pairs={words.says(row.particulars, row.type)} /> },
    {
      title: text.source,
      width: 216,
      render: (_, row) => (
        <>
          <span className="entity-cause">{`${row.source}|${row.fact_id}`}</span>
          <div className="quiet entity-source">
            {text.known} {format.seconds(row.recorded_at)}
          </div>
        </>
      ),
    },
    {
      title: text.counts,
      width: 96,
      render: (_, row) => <Standing fact={row} pair={pair} />,
    },
  ];
}

function Says({ pairs }: { pairs: [string, string][] }) {
  return (
    <span className="entity-says">
      {pairs.map(([what, says]) => (
        <span key={what}>
          <span className="quiet">{what}</span> {says}
        </span>
      ))}
    </span>
  );
}

function Standing({ fact, pair }: { fact: Fact; pair: Pair | null }) {
  const text = useTimelineText();
  if (pair) return <Tag>{text[standingOf(fact, pair)]}</Tag>;
  return fact.counts ? text.counts : <Tag>{text.counts_not}</Tag>;
}
