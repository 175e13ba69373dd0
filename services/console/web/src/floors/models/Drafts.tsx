import { Button, Segmented, type TableProps } from "antd";
import { Link } from "react-router";
import { classification } from "../../api/client";
import type { components } from "../../api/generated/classification";
import { useMay } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { Mark } from "./definition/Mark";
import { BeginDraft } from "./draft/BeginDraft";
import { useDraftText } from "./draft/draftText";
import "./models.css";
import { useModelName } from "../../api/models";

type Row = components["schemas"]["DraftRow"];
const STATES = ["open", "submitted", "approved", "promoted", "withdrawn"] as const;
const TONES = {
  open: "waits",
  submitted: "waits",
  approved: "good",
  promoted: "good",
  withdrawn: "plain",
} as const;

/** Drafts of models by state, and how to begin one. */
export default function Drafts() {
  const text = useDraftText();
  const words = useWords();
  const mayBegin = useMay("model_manager");
  const [{ state, from }, change] = useUrlState();
  const query = { state: STATES.find((each) => each === state) };
  return (
    <Page
      title={text.drafts}
      lead={text.drafts_lead}
      actions={
        mayBegin && (
          <Button type="primary" onClick={() => change({ from: "?" })}>
            {text.begin}
          </Button>
        )
      }
    >
      <Segmented
        className="no-print models-switch"
        aria-label={words.state}
        value={state ?? ""}
        options={[{ value: "", label: words.all }, ...STATES.map((value) => ({ value, label: text[value] }))]}
        onChange={(value) => change({ state: value || undefined })}
      />
      <CursorTable<Row>
        label={text.drafts}
        listKey={["get", "/v1/drafts", query]}
        read={(cursor) => classification.call.GET("/v1/drafts", { params: { query: { ...query, cursor } } })}
        columns={useColumns()}
        rowKey="id"
        emptyHint={text.empty}
      />
      {mayBegin && from && <BeginDraft from={from} onClose={() => change({ from: undefined })} />}
    </Page>
  );
}

function useColumns(): TableProps<Row>["columns"] {
  const text = useDraftText();
  const words = useWords();
  const format = useFormats();
  const modelName = useModelName();
  return [
    {
      title: text.number,
      render: (_, row) => <Link to={`/models/drafts/${row.id}`}>{text.draft(String(row.id))}</Link>,
    },
    { title: words.name, render: (_, row) => modelName(row.code) },
    { title: words.state, render: (_, row) => <Mark tone={TONES[row.state]}>{text[row.state]}</Mark> },
    { title: text.author, render: (_, row) => (row.offers ? text.offers : row.author) },
    { title: text.edited, render: (_, row) => `${row.edited_by} ${format.moment(row.edited_at)}` },
    { title: text.submitted_by, render: (_, row) => row.submitted_by ?? "—" },
    { title: text.approved_by, render: (_, row) => row.approved_by ?? "—" },
    {
      title: text.became,
      render: (_, row) =>
        row.model_id ? <Link to={`/models/${row.model_id}`}>{modelName(row.model_id)}</Link> : "—",
    },
  ];
}
