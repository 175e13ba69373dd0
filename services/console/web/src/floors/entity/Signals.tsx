import { type TableProps, Tag } from "antd";
import { Link } from "react-router";
import { profiling } from "../../api/client";
import type { components } from "../../api/generated/profiling";
import { CLASS_COLOURS } from "../../app/theme";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { Part } from "./Part";
import { useSupervisionText } from "./supervisionText";
import { useFamilyName } from "./useFamilyName";

type Signal = components["schemas"]["SignalView"];

/** The colours of the classes they are as grave as. */
const SEVERITY: Record<string, string> = { alarm: "D", warning: "C", notice: "B" };

/** Warnings of the entity, open ones and those that were settled or kept silent. */
export function Signals({ uscc }: { uscc: string }) {
  const text = useSupervisionText();
  const columns = useColumns();
  return (
    <Part title={text.signals}>
      <CursorTable<Signal>
        label={text.signals}
        listKey={["signals", "of", uscc]}
        read={(cursor) =>
          profiling.call.GET("/v1/signals", { params: { query: { uscc, limit: 20, cursor } } })
        }
        rowKey="signal_id"
        columns={columns}
        emptyHint={text.signals_none}
      />
    </Part>
  );
}

function useColumns(): TableProps<Signal>["columns"] {
  const text = useSupervisionText();
  const format = useFormats();
  const family = useFamilyName();
  return [
    {
      title: text.family,
      render: (_, row) => (
        <Link to={`/warnings/${encodeURIComponent(row.signal_id)}`}>{family(row.family)}</Link>
      ),
    },
    {
      title: text.severity,
      render: (_, row) => <Severity value={row.severity} />,
    },
    { title: text.step, render: (_, row) => wordFor(text, `step_${row.suggested_step}`) },
    { title: text.measure, align: "right", render: (_, row) => format.points(row.measure) },
    { title: text.raised, render: (_, row) => format.day(row.raised_on) },
    { title: text.due, render: (_, row) => format.day(row.due_on) },
    {
      title: text.state,
      render: (_, row) => (
        <>
          {wordFor(text, `state_${row.state}`)}
          {row.cleared_reason && <div className="quiet entity-source">{row.cleared_reason}</div>}
        </>
      ),
    },
  ];
}

function Severity({ value }: { value: string }) {
  const text = useSupervisionText();
  const colours = CLASS_COLOURS[SEVERITY[value] ?? ""];
  return (
    <Tag variant="filled" style={{ color: colours?.text, background: colours?.ground }}>
      {wordFor(text, `severity_${value}`)}
    </Tag>
  );
}
