import { Form, Input, Select } from "antd";
import { classification, repair } from "../../api/client";
import { useWords, wordFor } from "../../i18n/words";
import { businessDay } from "../../kit/days";
import { FormDialog } from "../../kit/FormDialog";
import { useAct } from "../../kit/useAct";
import { linesOf, OBJECTIONS } from "./model";
import { useText } from "./text";

interface Values {
  uscc: string;
  record: string;
  ground: string;
  evidence: string;
  filed_on: string;
}

interface Props {
  open: boolean;
  onClose: () => void;
  /** Known where it is filed from a record. */
  uscc?: string;
  record?: string;
}

const USCC = /^[0-9A-Z]{18}$/;

/** An objection filed for an entity to one of its records. */
export function ObjectionForm({ open, onClose, uscc, record }: Props) {
  const text = useText();
  const act = useAct();
  const today = businessDay(new Date());
  const needed = [{ required: true, message: text.needed }];
  const send = ({ evidence, ...values }: Values) =>
    act({
      send: () =>
        classification.call.POST("/v1/objections", {
          body: { ...values, evidence: linesOf(evidence), indicators: [] },
        }),
      done: text.filed,
      changes: [OBJECTIONS, ["get"]],
    });
  return (
    <FormDialog<Values>
      title={text.objection_title}
      hint={text.objection_hint}
      open={open}
      onClose={onClose}
      onSend={send}
      initialValues={{ uscc, record, evidence: record ?? "", filed_on: today }}
    >
      <UsccField fixed={uscc !== undefined} />
      <RecordField fixed={record} />
      <Form.Item name="ground" label={text.ground} rules={needed}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
      <Form.Item name="evidence" label={text.evidence} extra={text.evidence_hint} rules={needed}>
        <Input.TextArea rows={2} />
      </Form.Item>
      <Form.Item name="filed_on" label={text.filed_on} rules={needed}>
        <Input type="date" max={today} />
      </Form.Item>
    </FormDialog>
  );
}

/** The entity's code; another entity has other records. */
function UsccField({ fixed }: { fixed: boolean }) {
  const text = useText();
  const words = useWords();
  const form = Form.useFormInstance();
  return (
    <Form.Item
      name="uscc"
      label={words.uscc}
      rules={[{ required: true, pattern: USCC, message: text.uscc_needed }]}
    >
      <Input disabled={fixed} maxLength={18} onChange={() => form.setFieldValue("record", undefined)} />
    </Form.Item>
  );
}

function RecordField({ fixed }: { fixed?: string }) {
  const text = useText();
  const uscc = String(Form.useWatch("uscc") ?? "");
  const query = { uscc, limit: 100 };
  const { data } = repair.useQuery(
    "get",
    "/v1/records",
    { params: { query } },
    { enabled: fixed === undefined && USCC.test(uscc) },
  );
  const options = (data?.items ?? []).map((each) => ({
    value: each.record_id,
    label: `${each.decided_on} ${wordFor(text, `kind_${each.kind}`)} ${each.document_number}`,
  }));
  return (
    <Form.Item name="record" label={text.record} rules={[{ required: true, message: text.choose_record }]}>
      {fixed === undefined ? (
        <Select options={options} placeholder={text.choose_record} notFoundContent={text.no_records} />
      ) : (
        <Input disabled />
      )}
    </Form.Item>
  );
}
