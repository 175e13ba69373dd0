import { Alert, App, Button, Checkbox, Form, Input } from "antd";
import { useState } from "react";
import { serverNow } from "../../api/clock";
import { newKey } from "../../api/keys";
import { useSession } from "../../app/session";
import { useNamed } from "../../i18n/language";
import { useWords } from "../../i18n/words";
import { Loaded } from "../../kit/Loaded";
import { draftOf, keepDraft, switched, typed, type VisitDraft } from "./drafts";
import type { ResultCode, Task } from "./model";
import { useText } from "./text";
import { useResultCodes, useResultName, useSendResult } from "./useVisits";

function fresh(): VisitDraft {
  return { codes: [], at: typed(serverNow()), remark: "", key: newKey(), toSend: false };
}

/** What was found at a visit, filled in on the spot; each change is kept in the browser, and sent when confirmed. */
export function ResultForm({ task }: { task: Task }) {
  const text = useText();
  const { subject } = useSession();
  const [draft, setDraft] = useState(() => draftOf(window.localStorage, subject, task.task_id) ?? fresh());
  const change = (changes: Partial<VisitDraft>) => {
    const next = { ...draft, ...changes, toSend: false };
    setDraft(next);
    keepDraft(window.localStorage, subject, task.task_id, next);
  };
  const codes = useResultCodes();
  const confirmed = useConfirmed();
  const send = useSendResult();
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (!(await confirmed(draft))) return;
    setBusy(true);
    const sent = await send(task.task_id, draft);
    setBusy(false);
    if (!sent) setDraft((now) => draftOf(window.localStorage, subject, task.task_id) ?? now);
  };
  const ready = draft.codes.length > 0 && draft.at !== "";
  return (
    <Form layout="vertical" onFinish={() => void submit()} className="result-form">
      {draft.toSend && <Alert type="warning" showIcon title={text.waiting_to_send} />}
      <Loaded reading={codes}>
        {(all) => <Codes all={all} chosen={draft.codes} onChange={(chosen) => change({ codes: chosen })} />}
      </Loaded>
      <Form.Item label={text.at} htmlFor="visit-at">
        <Input
          id="visit-at"
          type="datetime-local"
          value={draft.at}
          min={`${task.drawn_on}T00:00`}
          max={typed(serverNow())}
          onChange={({ target }) => change({ at: target.value })}
        />
      </Form.Item>
      <Form.Item label={text.remark} htmlFor="visit-remark">
        <Input.TextArea
          id="visit-remark"
          rows={4}
          maxLength={2000}
          placeholder={text.remark_hint}
          value={draft.remark}
          onChange={({ target }) => change({ remark: target.value })}
        />
      </Form.Item>
      <Button type="primary" size="large" block htmlType="submit" disabled={!ready} loading={busy}>
        {draft.toSend ? text.send_now : text.send}
      </Button>
      <p className="quiet">{ready ? text.kept_here : text.codes_needed}</p>
    </Form>
  );
}

interface CodesProps {
  all: readonly ResultCode[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

function Codes({ all, chosen, onChange }: CodesProps) {
  const text = useText();
  const named = useNamed();
  const standsAlone = (code: string) => all.some((each) => each.code === code && each.exclusive);
  return (
    <fieldset className="codes">
      <legend>{text.found}</legend>
      {all.map((each) => (
        <Checkbox
          key={each.code}
          className={each.is_problem ? "code code-problem" : "code"}
          checked={chosen.includes(each.code)}
          onChange={() => onChange(switched(chosen, each.code, standsAlone))}
        >
          {named(each)} {each.exclusive && <span className="quiet">（{text.alone}）</span>}
        </Checkbox>
      ))}
    </fieldset>
  );
}

/** Shows once more what is about to be sent: it cannot be changed afterwards. */
function useConfirmed(): (draft: VisitDraft) => Promise<boolean> {
  const text = useText();
  const words = useWords();
  const { modal } = App.useApp();
  const resultName = useResultName();
  return (draft) =>
    new Promise((resolve) => {
      modal.confirm({
        title: text.confirm_title,
        okText: text.send,
        cancelText: words.cancel,
        content: (
          <>
            <p>{text.confirm_hint}</p>
            <ul>
              {draft.codes.map((code) => (
                <li key={code}>{resultName(code)}</li>
              ))}
            </ul>
            {draft.remark && <p className="quiet">{draft.remark}</p>}
          </>
        ),
        onOk: () => resolve(true),
        onCancel: () => resolve(false),
      });
    });
}
