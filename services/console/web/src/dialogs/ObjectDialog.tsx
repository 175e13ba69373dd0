import { Form, Input, Select } from "antd";
import { classification } from "../api/client";
import type { components } from "../api/generated/classification";
import { useWords, wordFor } from "../i18n/words";
import { useCursorList } from "../kit/CursorTable";
import { FormDialog } from "../kit/FormDialog";
import { useAct } from "../kit/useAct";
import { useToday } from "../kit/useToday";
import { CodeField, useWholeCode } from "./CodeField";
import { EvidenceSelect } from "./EvidenceSelect";
import { ItemSelect } from "./ItemSelect";
import { type RepairRecord, readRecords, recordsKey } from "./records";
import { useDialogText } from "./text";

type Order = components["schemas"]["ObjectionOrder"];

interface Props {
  open: boolean;
  onClose: () => void;
  /** The entity that objects, where it is known already. */
  uscc?: string;
  /** The record that is objected to, where it is known already. */
  record?: string;
}

/** Files for an entity what it objects to: a record, items, or both. */
export function ObjectDialog({ open, onClose, uscc, record = "" }: Props) {
  const text = useDialogText();
  const act = useAct();
  const today = useToday();
  const send = (body: Order) =>
    act({
      send: () => classification.call.POST("/v1/objections", { body }),
      done: text.objected,
      changes: [["objections"], ["interventions"], ["decisions", body.uscc], ["get"], ["post"]],
    });
  return (
    <FormDialog<Order>
      title={text.object}
      hint={text.object_hint}
      okText={text.submit}
      open={open}
      onClose={onClose}
      onSend={send}
      initialValues={{ uscc, record, indicators: [], evidence: record ? [record] : [], filed_on: today }}
    >
      <CodeField known={uscc} />
      <Particulars known={uscc} today={today} />
    </FormDialog>
  );
}

function Particulars({ known, today }: { known: string | undefined; today: string }) {
  const text = useDialogText();
  const words = useWords();
  const uscc = useWholeCode(known);
  const needed = [{ required: true, message: text.needed }];
  if (uscc === undefined) return null;
  return (
    <>
      <Form.Item name="record" label={text.record}>
        <RecordSelect key={uscc} uscc={uscc} />
      </Form.Item>
      <Form.Item
        name="indicators"
        label={text.items}
        dependencies={["record"]}
        rules={[eitherNeeded(text.either_needed)]}
      >
        <ItemSelect uscc={uscc} />
      </Form.Item>
      <Form.Item
        name="ground"
        label={text.ground}
        rules={[{ required: true, min: 3, message: words.reason_short }]}
      >
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
      <Form.Item name="evidence" label={text.evidence} rules={needed}>
        <EvidenceSelect uscc={uscc} />
      </Form.Item>
      <Form.Item name="filed_on" label={text.filed} rules={needed}>
        <Input type="date" max={today} />
      </Form.Item>
    </>
  );
}

/** An objection without a record must name items. */
function eitherNeeded(message: string) {
  return ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: (_: unknown, items: string[] = []) =>
      getFieldValue("record") || items.length > 0 ? Promise.resolve() : Promise.reject(new Error(message)),
  });
}

interface RecordProps {
  uscc: string;
  id?: string;
  value?: string;
  onChange?: (record: string) => void;
}

function RecordSelect({ uscc, id, value, onChange }: RecordProps) {
  const text = useDialogText();
  const list = useCursorList<RepairRecord>(recordsKey(uscc), (cursor) => readRecords(uscc, cursor));
  const known = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const options = known.map((each) => ({
    value: each.record_id,
    label: `${wordFor(text, `kind_${each.kind}`)} ${each.document_number} ${each.decided_on}`,
  }));
  return (
    <Select
      id={id}
      value={value}
      onChange={onChange}
      aria-label={text.record}
      options={[{ value: "", label: text.record_none }, ...options]}
    />
  );
}
