import { Descriptions, type TableProps } from "antd";
import { classification } from "../../../api/client";
import { useEntityNames } from "../../../api/entityNames";
import { useFormats } from "../../../i18n/format";
import { useLanguage } from "../../../i18n/language";
import { useWords, wordFor } from "../../../i18n/words";
import { ClassTag } from "../../../kit/ClassTag";
import { CursorTable, useCursorList } from "../../../kit/CursorTable";
import { EntityLink } from "../../../kit/EntityLink";
import { Mark, type Tone } from "../definition/Mark";
import { useCatalogue } from "../reads";
import { Decide } from "./Decide";
import { useInterventionText } from "./interventionText";
import type { Intervention, STATES } from "./states";

const TONES: Record<string, Tone> = { proposed: "waits", in_force: "good" };

interface Props {
  state: (typeof STATES)[number] | undefined;
  uscc: string | undefined;
  area: string | undefined;
}

/** Adjustments, newest first, with what may be done about each. */
export function InterventionList({ state, uscc, area }: Props) {
  const text = useInterventionText();
  const query = { state, uscc, area };
  const listKey = ["get", "/v1/interventions", query];
  const read = (cursor: string | undefined) =>
    classification.call.GET("/v1/interventions", { params: { query: { ...query, cursor } } });
  const listed = useCursorList<Intervention>(listKey, read);
  const rows = listed.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <CursorTable<Intervention>
      label={text.title}
      listKey={listKey}
      read={read}
      rowKey="id"
      columns={useColumns(rows)}
      emptyHint={text.empty}
      expandable={{ expandedRowRender: (row) => <Whole row={row} /> }}
    />
  );
}

function useColumns(rows: Intervention[]): TableProps<Intervention>["columns"] {
  const text = useInterventionText();
  const words = useWords();
  const format = useFormats();
  const names = useEntityNames(rows.map(({ uscc }) => uscc));
  return [
    { title: words.entity, render: (_, row) => <EntityLink uscc={row.uscc} name={names.get(row.uscc)} /> },
    { title: text.becomes, render: (_, row) => <Becomes row={row} /> },
    { title: words.reason, render: (_, row) => <div className="models-wrap">{row.reason}</div> },
    { title: text.expires, render: (_, row) => format.day(row.expires_on) },
    {
      title: words.state,
      render: (_, row) => <Mark tone={TONES[row.state] ?? "plain"}>{wordFor(text, row.state)}</Mark>,
    },
    { title: text.proposed_by, render: (_, row) => `${row.proposed_by} ${format.moment(row.proposed_at)}` },
    { title: words.actions, render: (_, row) => <Decide row={row} name={names.get(row.uscc) || row.uscc} /> },
  ];
}

function Becomes({ row }: { row: Intervention }) {
  const text = useInterventionText();
  const { language } = useLanguage();
  const catalogue = useCatalogue();
  if (row.kind === "manual") return <ClassTag value={row.risk_class} />;
  const name = catalogue.get(row.indicator)?.[language] ?? row.indicator;
  return (
    <>
      {text.resting}：{name}
    </>
  );
}

function Whole({ row }: { row: Intervention }) {
  const text = useInterventionText();
  const format = useFormats();
  const said: [string, string][] = [
    [text.kind, row.kind === "manual" ? text.manual : text.resting],
    [text.evidence, row.evidence.join("；")],
    [text.decided_by, row.decided_by ? `${row.decided_by} ${format.moment(row.decided_at)}` : ""],
    [text.refuse_reason, row.refuse_reason],
    [text.ended_by, row.ended_by ? `${row.ended_by} ${format.moment(row.ended_at)}` : ""],
    [text.end_reason, row.end_reason],
    [text.share, row.share === null ? "" : format.share(row.share)],
  ];
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, lg: 2 }}
      items={said.filter(([, value]) => value).map(([label, children]) => ({ key: label, label, children }))}
    />
  );
}
