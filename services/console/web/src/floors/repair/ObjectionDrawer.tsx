import { Alert, Button, Descriptions, Drawer, Form, Input, Radio } from "antd";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { classification } from "../../api/client";
import { useEntityNames } from "../../api/entityNames";
import { useIndicatorName } from "../../api/indicators";
import { usePersonName } from "../../api/people";
import { useMay, useSession } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useWords, wordFor } from "../../i18n/words";
import { DueDay } from "../../kit/DueDay";
import { EntityLink } from "../../kit/EntityLink";
import { FormDialog } from "../../kit/FormDialog";
import { Loaded } from "../../kit/Loaded";
import { useAct } from "../../kit/useAct";
import { useToday } from "../../kit/useToday";
import { OBJECTIONS, type Objection } from "./model";
import { useText } from "./text";

/** One objection, and its decision by another person than who filed it. */
export function ObjectionDrawer({ number, onClose }: { number: string | undefined; onClose: () => void }) {
  const text = useText();
  return (
    <Drawer
      open={number !== undefined}
      onClose={onClose}
      size={560}
      title={`${text.objection} ${number ?? ""}`}
      destroyOnHidden
    >
      {number && <OneObjection number={Number(number)} />}
    </Drawer>
  );
}

function OneObjection({ number }: { number: number }) {
  const reading = classification.useQuery("get", "/v1/objections/{number}", { params: { path: { number } } });
  return <Loaded reading={reading}>{(objection) => <Shown objection={objection} />}</Loaded>;
}

function Shown({ objection }: { objection: Objection }) {
  return (
    <>
      <Descriptions items={useItems(objection)} column={1} size="small" />
      {objection.state === "open" && <Decide objection={objection} />}
    </>
  );
}

function useItems(objection: Objection) {
  const text = useText();
  const words = useWords();
  const personName = usePersonName();
  const itemName = useIndicatorName();
  const { moment, list } = useFormats();
  const names = useEntityNames([objection.uscc]);
  const row = (key: string, label: string, children: ReactNode) => ({ key, label, children });
  const open = objection.state === "open";
  return [
    row("entity", words.entity, <EntityLink uscc={objection.uscc} name={names.get(objection.uscc)} />),
    ...(objection.record
      ? [
          row(
            "record",
            text.record,
            <Link to={`/repair/records?record=${encodeURIComponent(objection.record)}`}>
              {objection.record}
            </Link>,
          ),
        ]
      : []),
    ...(objection.indicators.length > 0
      ? [row("items", text.items, list(objection.indicators.map(itemName)))]
      : []),
    row("ground", text.ground, objection.ground),
    row("evidence", text.evidence, list(objection.evidence)),
    row("by", text.filed_by, personName(objection.filed_by)),
    row("filed", text.filed_on, objection.filed_on),
    row("due", text.due_on, <DueDay day={objection.due_on} settled={!open} />),
    row("state", words.state, wordFor(text, `tab_${objection.state}`)),
    ...(open
      ? []
      : [
          row("decider", text.decided_by, personName(objection.decided_by)),
          row("at", text.decided_at, moment(objection.decided_at)),
          row("why", text.decision_reason, objection.reason),
          row("must", text.must_happen, objection.must_happen || "—"),
          row("rests", text.rests_until, objection.rests_until ?? "—"),
        ]),
  ];
}

interface Ruling {
  upheld: boolean;
  reason: string;
  must_happen?: string;
  rests_until?: string;
}

function Decide({ objection }: { objection: Objection }) {
  const text = useText();
  const { subject } = useSession();
  const may = useMay("city_administrator", "approver");
  const act = useAct();
  const [open, setOpen] = useState(false);
  if (!may) return null;
  if (objection.filed_by === subject) return <Alert type="info" showIcon title={text.own_filing} />;
  const send = ({ upheld, reason, must_happen, rests_until }: Ruling) =>
    act({
      send: () =>
        classification.call.POST("/v1/objections/{number}/decide", {
          params: { path: { number: objection.number } },
          body: { upheld, reason, must_happen: must_happen ?? "", rests_until: rests_until || null },
        }),
      done: text.decided,
      changes: [OBJECTIONS, ["get"]],
    });
  return (
    <>
      <Button type="primary" className="stack-top" onClick={() => setOpen(true)}>
        {text.decide}
      </Button>
      <FormDialog<Ruling> title={text.decide_title} open={open} onClose={() => setOpen(false)} onSend={send}>
        <RulingFields needsDay={!objection.record} />
      </FormDialog>
    </>
  );
}

function RulingFields({ needsDay }: { needsDay: boolean }) {
  const text = useText();
  const today = useToday();
  const upheld = Form.useWatch("upheld");
  const needed = [{ required: true, message: text.needed }];
  return (
    <>
      <Form.Item name="upheld" label={text.decide} rules={needed}>
        <Radio.Group
          options={[
            { value: true, label: text.upheld },
            { value: false, label: text.rejected },
          ]}
        />
      </Form.Item>
      <Form.Item name="reason" label={text.decision_reason} rules={needed}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
      {upheld === true && (
        <>
          <Form.Item name="must_happen" label={text.must_happen} extra={text.must_happen_hint} rules={needed}>
            <Input.TextArea rows={2} maxLength={2000} />
          </Form.Item>
          <Form.Item
            name="rests_until"
            label={text.rests_until}
            extra={needsDay ? undefined : text.rests_hint}
            rules={needsDay ? needed : []}
          >
            <Input type="date" min={today} />
          </Form.Item>
        </>
      )}
    </>
  );
}
