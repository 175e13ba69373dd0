import { Button, type TableProps } from "antd";
import { useState } from "react";
import { useMay } from "../../app/session";
import { ObjectDialog } from "../../dialogs/ObjectDialog";
import { type RepairRecord, readRecords, recordsKey } from "../../dialogs/records";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { useFactWords } from "../../kit/useFactWords";
import { Part } from "./Part";
import { useSupervisionText } from "./supervisionText";

/** Penalties and listings, how long they are published, and what repair asks for. */
export function Records({ uscc }: { uscc: string }) {
  const text = useSupervisionText();
  const [objecting, setObjecting] = useState<string | null>(null);
  const columns = useColumns(setObjecting);
  return (
    <Part title={text.records}>
      <CursorTable<RepairRecord>
        label={text.records}
        listKey={recordsKey(uscc)}
        read={(cursor) => readRecords(uscc, cursor)}
        rowKey="record_id"
        columns={columns}
        emptyHint={text.records_none}
      />
      {objecting !== null && (
        <ObjectDialog open uscc={uscc} record={objecting} onClose={() => setObjecting(null)} />
      )}
    </Part>
  );
}

function useColumns(onObject: (record: string) => void): TableProps<RepairRecord>["columns"] {
  const text = useSupervisionText();
  const format = useFormats();
  const mayFile = useMay("city_administrator", "area_officer", "repair_officer");
  return [
    {
      title: text.document,
      render: (_, row) => (
        <>
          {row.document_number || "—"}
          <div className="entity-cause quiet">{row.record_id}</div>
        </>
      ),
    },
    { title: text.kind, render: (_, row) => <Kind record={row} /> },
    { title: text.tier, render: (_, row) => wordFor(text, `tier_${row.tier}`) },
    { title: text.decided, render: (_, row) => format.day(row.decided_on) },
    { title: text.published, render: (_, row) => <Published record={row} /> },
    { title: text.apply_from, render: (_, row) => format.day(row.apply_from) },
    {
      title: text.fine,
      align: "right",
      render: (_, row) => format.money(row.kind === "penalty" ? row.fine_fen + row.confiscated_fen : null),
    },
    { title: text.conditions, render: (_, row) => <Conditions codes={row.conditions} /> },
    {
      key: "object",
      className: "no-print",
      render: (_, row) =>
        mayFile && (
          <Button size="small" onClick={() => onObject(row.record_id)}>
            {text.object}
          </Button>
        ),
    },
  ];
}

function Kind({ record }: { record: RepairRecord }) {
  const text = useSupervisionText();
  const words = useFactWords();
  const { list } = useFormats();
  const about = [...record.penalty_kinds, record.violation, record.reason].filter(Boolean).map(words.value);
  return (
    <>
      {wordFor(text, `kind_${record.kind}`)}
      <div className="quiet entity-source">{list(about)}</div>
    </>
  );
}

function Published({ record }: { record: RepairRecord }) {
  const text = useSupervisionText();
  const format = useFormats();
  if (record.published_on === null) return <>{text.record_hidden}</>;
  const until = record.stopped_on ?? record.stops_on;
  return (
    <>
      {wordFor(text, `record_${record.state}`)}
      <div className="quiet entity-source">
        {format.day(record.published_on)} → {format.day(until)}
      </div>
    </>
  );
}

function Conditions({ codes }: { codes: string[] }) {
  const text = useSupervisionText();
  const { list } = useFormats();
  return <span className="entity-source">{list(codes.map((code) => wordFor(text, code)))}</span>;
}
