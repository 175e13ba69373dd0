import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { classification } from "../../api/client";
import type { components } from "../../api/generated/classification";
import { useWords, wordFor } from "../../i18n/words";
import { useCursorList } from "../../kit/CursorTable";
import { businessDay } from "../../kit/days";
import { useAct } from "../../kit/useAct";
import { EvidenceSelect } from "./EvidenceSelect";
import { ItemSelect } from "./ItemSelect";
import { usePeopleText } from "./peopleText";
import { type RepairRecord, readRecords, recordsKey } from "./records";
import { useSupervisionText } from "./supervisionText";

type Order = Omit<components["schemas"]["ObjectionOrder"], "uscc">;

interface Props {
  uscc: string;
  /** The record that is objected to, where it is known already. */
  record?: string;
  onClose: () => void;
}

/** Files for an entity what it objects to: a record, items, or both. */
export function ObjectDialog({ uscc, record = "", onClose }: Props) {
  const text = usePeopleText();
  const words = useWords();
  const [form] = Form.useForm<Order>();
  const { file, sending } = useFile(uscc, onClose);
  const needed = [{ required: true, message: text.needed }];
  const initial = { record, indicators: [], filed_on: businessDay(new Date()) };
  return (
    <Modal
      open
      title={text.object}
      okText={text.submit}
      cancelText={words.cancel}
      confirmLoading={sending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p className="quiet">{text.object_hint}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={(order) => void file(order)}
      >
        <Form.Item name="record" label={text.record}>
          <RecordSelect uscc={uscc} />
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
          <Input type="date" max={initial.filed_on} />
        </Form.Item>
      </Form>
    </Modal>
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
  const text = usePeopleText();
  const records = useSupervisionText();
  const list = useCursorList<RepairRecord>(recordsKey(uscc), (cursor) => readRecords(uscc, cursor));
  const known = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const options = known.map((each) => ({
    value: each.record_id,
    label: `${wordFor(records, `kind_${each.kind}`)} ${each.document_number} ${each.decided_on}`,
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

function useFile(uscc: string, onDone: () => void) {
  const text = usePeopleText();
  const act = useAct();
  const [sending, setSending] = useState(false);
  const file = async (order: Order) => {
    setSending(true);
    const done = await act({
      send: () => classification.call.POST("/v1/objections", { body: { uscc, ...order } }),
      done: text.objected,
      changes: [
        ["objections", "of", uscc],
        ["interventions", "of", uscc],
        ["decisions", uscc],
        ["get"],
        ["post"],
      ],
    });
    setSending(false);
    if (done) onDone();
  };
  return { file, sending };
}
