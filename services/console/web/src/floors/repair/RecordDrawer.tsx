import { Button, Descriptions, Drawer } from "antd";
import { type ReactNode, useState } from "react";
import { repair } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { useMay } from "../../app/session";
import { ObjectDialog } from "../../dialogs/ObjectDialog";
import { useFactValues } from "../../i18n/factValues";
import { useFormats } from "../../i18n/format";
import { useWords, wordFor } from "../../i18n/words";
import { EntityLink } from "../../kit/EntityLink";
import { Loaded } from "../../kit/Loaded";
import { Letters } from "./Letters";
import type { RepairRecord } from "./model";
import { ApplyFrom, Matter, StopsOn, useStateSaid } from "./RecordParts";
import { useText } from "./text";

/** One record: by which rule it is public, until when, and what repair takes. */
export function RecordDrawer({ recordId, onClose }: { recordId: string | undefined; onClose: () => void }) {
  const text = useText();
  return (
    <Drawer open={recordId !== undefined} onClose={onClose} size={620} title={text.record} destroyOnHidden>
      {recordId && <OneRecord recordId={recordId} />}
    </Drawer>
  );
}

function OneRecord({ recordId }: { recordId: string }) {
  const reading = repair.useQuery("get", "/v1/records/{record_id}", {
    params: { path: { record_id: recordId } },
  });
  return <Loaded reading={reading}>{(record) => <Shown record={record} />}</Loaded>;
}

function Shown({ record }: { record: RepairRecord }) {
  const text = useText();
  const mayObject = useMay("city_administrator", "area_officer", "repair_officer");
  const [objecting, setObjecting] = useState(false);
  return (
    <>
      <Descriptions items={useItems(record)} column={1} size="small" />
      <h3>{text.conditions}</h3>
      <Conditions codes={record.conditions} />
      <h3>{text.letters}</h3>
      <Letters record={record} />
      {mayObject && (
        <Button className="no-print stack-top" onClick={() => setObjecting(true)}>
          {text.object}
        </Button>
      )}
      <ObjectDialog
        open={objecting}
        onClose={() => setObjecting(false)}
        uscc={record.uscc}
        record={record.record_id}
      />
    </>
  );
}

function Conditions({ codes }: { codes: readonly string[] }) {
  const text = useText();
  if (codes.length === 0) return <p className="quiet">{text.no_conditions}</p>;
  return (
    <ol className="conditions">
      {codes.map((code) => (
        <li key={code}>{wordFor(text, code)}</li>
      ))}
    </ol>
  );
}

function useItems(record: RepairRecord) {
  const text = useText();
  const words = useWords();
  const values = useFactValues();
  const areaName = useNames("areas");
  const { money, moment } = useFormats();
  const stateSaid = useStateSaid();
  const row = (key: string, label: string, children: ReactNode) => ({ key, label, children });
  const penalty = record.kind === "penalty";
  return [
    row("entity", words.entity, <EntityLink uscc={record.uscc} name={record.name} />),
    row("area", words.area, areaName(record.area_code)),
    row("document", text.document, record.document_number || text.no_document),
    row(
      "kind",
      text.kind,
      `${wordFor(text, `kind_${record.kind}`)} · ${wordFor(text, `tier_${record.tier}`)}`,
    ),
    row("matter", penalty ? text.violation : text.reason, <Matter record={record} />),
    ...(penalty
      ? [
          row(
            "kinds",
            text.penalty_kinds,
            record.penalty_kinds.map((each) => wordFor(values, each)).join("、"),
          ),
          row("fine", text.fine, money(record.fine_fen)),
          row("confiscated", text.confiscated, money(record.confiscated_fen)),
          row("authority", text.authority, record.authority || "—"),
        ]
      : []),
    row("state", words.state, stateSaid(record)),
    row("decided", text.decided_on, record.decided_on),
    row("published", text.published_on, record.published_on ?? text.not_published),
    row("apply", text.apply_from, <ApplyFrom record={record} />),
    row("stops", record.stopped_on ? text.stopped_on : text.stops_on, <StopsOn record={record} />),
    ...(record.restriction_until ? [row("until", text.restriction_until, record.restriction_until)] : []),
    row("citation", text.citation, record.citation),
    ...(record.stop_reason
      ? [
          row("why", text.stop_reason, wordFor(text, `stop_${record.stop_reason}`)),
          row("stop", text.stop_citation, record.stop_citation ?? "—"),
        ]
      : []),
    row("recorded", text.recorded_at, moment(record.recorded_at)),
  ];
}
