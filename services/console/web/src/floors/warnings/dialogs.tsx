import { Form, Input, Radio, Select } from "antd";
import { usePeople } from "../../api/people";
import { useSession } from "../../app/session";
import { useWords, wordFor } from "../../i18n/words";
import { daysLater } from "../../kit/days";
import { FormDialog } from "../../kit/FormDialog";
import { useToday } from "../../kit/useToday";
import { ACTIONS } from "./model";
import { useText } from "./text";

const LONGEST_WAIT = 90;
const USUAL_WAIT = 7;
const USUAL_SUPPRESSION = 90;

interface Dialog<Values> {
  open: boolean;
  onClose: () => void;
  onSend: (values: Values) => Promise<boolean>;
}

function useNeeded() {
  const text = useText();
  return [{ required: true, message: text.this_needed }];
}

/** To whom signals are given. */
export function AssignDialog({
  area,
  ...dialog
}: Dialog<{ assignee: string; note?: string }> & { area?: string }) {
  const text = useText();
  const needed = useNeeded();
  const { subject } = useSession();
  const people = usePeople().filter((each) => each.subject === subject || !area || each.area === area);
  const options = people.map((each) => ({
    value: each.subject,
    label: each.subject === subject ? `${each.name}（${text.me}）` : each.name,
  }));
  return (
    <FormDialog title={text.assign_title} {...dialog}>
      <Form.Item name="assignee" label={text.assign_to} rules={needed}>
        <Select options={options} showSearch={{ optionFilterProp: "label" }} autoFocus />
      </Form.Item>
      <Form.Item name="note" label={text.assign_note}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
    </FormDialog>
  );
}

interface Until {
  until: string;
  reason: string;
}

/** Until when signals may wait, and why. */
export function SnoozeDialog(dialog: Dialog<Until>) {
  const text = useText();
  const today = useToday();
  return (
    <FormDialog
      title={text.snooze_title}
      hint={text.snooze_hint}
      initialValues={{ until: daysLater(today, USUAL_WAIT) }}
      {...dialog}
    >
      <UntilFields label={text.snooze_until} first={today} last={daysLater(today, LONGEST_WAIT)} />
    </FormDialog>
  );
}

/** Until when a family is not told of an entity, and why. */
export function SuppressDialog(dialog: Dialog<Until>) {
  const text = useText();
  const today = useToday();
  return (
    <FormDialog
      title={text.suppress_title}
      hint={text.suppress_hint}
      initialValues={{ until: daysLater(today, USUAL_SUPPRESSION) }}
      {...dialog}
    >
      <UntilFields label={text.suppress_until} first={today} />
    </FormDialog>
  );
}

function UntilFields({ label, first, last }: { label: string; first: string; last?: string }) {
  const words = useWords();
  const needed = useNeeded();
  return (
    <>
      <Form.Item name="until" label={label} rules={needed}>
        <Input type="date" min={first} max={last} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={words.reason}
        rules={[{ required: true, min: 3, whitespace: true, message: words.reason_short }]}
      >
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
    </>
  );
}

/** What was done about a signal. */
export function ActDialog(dialog: Dialog<{ action: (typeof ACTIONS)[number]; note?: string }>) {
  const text = useText();
  const needed = useNeeded();
  return (
    <FormDialog title={text.act_title} {...dialog}>
      <Form.Item name="action" label={text.action} rules={needed}>
        <Radio.Group options={ACTIONS.map((value) => ({ value, label: wordFor(text, value) }))} />
      </Form.Item>
      <Form.Item name="note" label={text.action_note}>
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
    </FormDialog>
  );
}
