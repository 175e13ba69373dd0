import type { TableProps } from "antd";
import { Link } from "react-router";
import { usePersonName } from "../../api/people";
import { useNames } from "../../api/vocabulary";
import { useSeesCity } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useWords, wordFor } from "../../i18n/words";
import { DueDay } from "../../kit/DueDay";
import { EntityLink } from "../../kit/EntityLink";
import { pathOf, type Signal, type Tab } from "./model";
import { SeverityTag } from "./Severity";
import { useText } from "./text";
import { useSaid } from "./useFamilies";

type Columns = NonNullable<TableProps<Signal>["columns"]>;

/** What happened, as a link to the signal. */
export function Happened({ signal }: { signal: Signal }) {
  const said = useSaid()(signal);
  return (
    <div className="two-lines">
      <Link to={pathOf(signal.signal_id)} data-row-link>
        {said.title}
      </Link>
      <span className="quiet">{said.sentence}</span>
    </div>
  );
}

/** Whom the signal is about. */
export function About({ signal }: { signal: Signal }) {
  const areaName = useNames("areas");
  const seesCity = useSeesCity();
  return (
    <div className="two-lines">
      <EntityLink uscc={signal.uscc} name={signal.entity_name} />
      <span className="quiet">
        {signal.uscc}
        {seesCity && ` · ${areaName(signal.area_code)}`}
      </span>
    </div>
  );
}

/** The columns of the queue; what ends a row depends on the tab. */
export function useColumns(tab: Tab): Columns {
  const text = useText();
  const words = useWords();
  const { count } = useFormats();
  const personName = usePersonName();
  const common: Columns = [
    {
      key: "severity",
      title: text.severity,
      render: (_, row) => <SeverityTag value={row.severity} />,
    },
    { key: "what", title: text.what, render: (_, row) => <Happened signal={row} /> },
    { key: "entity", title: words.entity, render: (_, row) => <About signal={row} /> },
    {
      key: "evidence",
      title: text.evidence,
      align: "right",
      render: (_, { evidence }) => (evidence.length ? text.evidence_count(count(evidence.length)) : "—"),
    },
    { key: "step", title: text.step, render: (_, row) => wordFor(text, row.suggested_step) },
  ];
  const assignee: Columns[number] = {
    key: "assignee",
    title: text.assignee,
    render: (_, row) =>
      row.assignee ? personName(row.assignee) : <span className="quiet">{text.nobody}</span>,
  };
  return [...common, ...endOf(tab, text, personName), ...(tab === "cleared" ? [] : [assignee])];
}

function endOf(
  tab: Tab,
  text: ReturnType<typeof useText>,
  personName: (subject: string | null) => string,
): Columns {
  if (tab === "cleared")
    return [
      { key: "cleared_on", title: text.cleared_on, dataIndex: "cleared_on", className: "nowrap" },
      {
        key: "reason",
        title: text.cleared_reason,
        render: (_, row) => (
          <div className="two-lines reason">
            <span>{row.cleared_reason || text.trail_over}</span>
            <span className="quiet">
              {row.cleared_by ? text.by(personName(row.cleared_by)) : text.by_rule}
            </span>
          </div>
        ),
      },
    ];
  const due: Columns[number] = {
    key: "due",
    title: text.due,
    render: (_, row) => <DueDay day={row.due_on} />,
  };
  const until: Columns[number] = { key: "until", title: text.snoozed_until, dataIndex: "snoozed_until" };
  return tab === "snoozed" ? [until, due] : [due];
}
