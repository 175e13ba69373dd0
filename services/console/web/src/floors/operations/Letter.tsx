import { Alert, Button, Descriptions, Drawer, Flex, Form, Input } from "antd";
import { useState } from "react";
import type { components } from "../../api/generated/repair";
import { useFormats } from "../../i18n/format";
import { useWords, wordFor } from "../../i18n/words";
import { Failure } from "../../kit/Failure";
import { Loaded } from "../../kit/Loaded";
import { useAct, useAskReason } from "../../kit/useAct";
import { operationsOf, type Service } from "./services";
import { useText } from "./text";

type DeadLetter = components["schemas"]["DeadLetterWithPayload"];
type Check = components["schemas"]["Check"];

const LISTS = [["dead-letters"], ["get", "/v1/flow"], ["get", "/v1/dead-letters/{letter_id}"]];

interface Props {
  service: Service;
  id: number;
  onClose: () => void;
}

/** One event that could not be applied: why, what it says, and how to settle it. */
export function Letter({ service, id, onClose }: Props) {
  const words = useWords();
  const text = useText();
  const params = { path: { letter_id: id } };
  const letter = operationsOf(service).useQuery("get", "/v1/dead-letters/{letter_id}", { params });
  return (
    <Drawer
      open
      title={`${text.letter} ${id}`}
      size={720}
      onClose={onClose}
      closable={{ "aria-label": words.close }}
    >
      <Loaded reading={letter}>
        {(found) => (
          <Flex vertical gap={16}>
            <About letter={found} />
            {!found.settled_as && <Settle key={id} service={service} letter={found} onDone={onClose} />}
          </Flex>
        )}
      </Loaded>
    </Drawer>
  );
}

function About({ letter }: { letter: DeadLetter }) {
  const words = useWords();
  const text = useText();
  const { moment } = useFormats();
  const outcome = [wordFor(text, letter.settled_as), letter.settled_by, moment(letter.settled_at)].join(
    " · ",
  );
  const items = [
    { label: text.event, children: letter.type },
    { label: text.key, children: letter.key || "—" },
    { label: text.topic, children: `${letter.topic} / ${letter.partition} / ${letter.record_offset}` },
    { label: text.since, children: moment(letter.created_at) },
    ...(letter.settled_as ? [{ label: text.outcome, children: outcome }] : []),
    ...(letter.reason ? [{ label: words.reason, children: letter.reason }] : []),
  ];
  return (
    <>
      <Alert
        type={letter.settled_as ? "info" : "error"}
        showIcon
        title={text.error}
        description={letter.error}
      />
      <Descriptions size="small" column={1} items={items} />
    </>
  );
}

/** What is sent: nothing for the event as it came, else the corrected event; undefined where it is no object. */
function orderOf(came: string, edited: string) {
  if (edited === came) return null;
  try {
    const value = JSON.parse(edited);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { payload_json: value }
      : undefined;
  } catch {
    return undefined;
  }
}

function Settle({ service, letter, onDone }: { service: Service; letter: DeadLetter; onDone: () => void }) {
  const text = useText();
  const came = letter.json ? JSON.stringify(letter.json, null, 2) : "";
  const [edited, setEdited] = useState(came);
  const order = orderOf(came, edited);
  const { check, replay, discard, checked, failure } = useSettling(service, letter.id, onDone);
  return (
    <Form layout="vertical">
      {letter.json ? (
        <Form.Item
          label={text.contents}
          htmlFor="letter-json"
          validateStatus={order === undefined ? "error" : ""}
          help={order === undefined ? text.not_json : ""}
        >
          <Input.TextArea
            id="letter-json"
            rows={14}
            spellCheck={false}
            value={edited}
            onChange={({ target }) => setEdited(target.value)}
          />
        </Form.Item>
      ) : (
        <Alert type="info" showIcon title={text.unreadable} />
      )}
      <Outcome checked={checked} failure={failure} />
      <Flex gap={8} className="stack">
        <Button disabled={order === undefined} onClick={() => void check(order)}>
          {text.check}
        </Button>
        <Button type="primary" disabled={order === undefined} onClick={() => void replay(order)}>
          {text.replay}
        </Button>
        <Button danger onClick={() => void discard()}>
          {text.discard}
        </Button>
      </Flex>
    </Form>
  );
}

function Outcome({ checked, failure }: { checked: Check | null; failure: unknown }) {
  const text = useText();
  if (failure) return <Failure error={failure} />;
  if (checked === null) return null;
  return checked.applies ? (
    <Alert type="success" showIcon role="status" title={text.applies} className="stack" />
  ) : (
    <Alert
      type="warning"
      showIcon
      role="status"
      title={text.still}
      description={checked.error}
      className="stack"
    />
  );
}

type Order = ReturnType<typeof orderOf>;

function useSettling(service: Service, id: number, onDone: () => void) {
  const text = useText();
  const act = useAct();
  const ask = useAskReason();
  const { call } = operationsOf(service);
  const params = { path: { letter_id: id } };
  const [checked, setChecked] = useState<Check | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  return {
    checked,
    failure,
    check: async (body: Order) => {
      const { data, error } = await call.POST("/v1/dead-letters/{letter_id}/check", { params, body });
      setChecked(data ?? null);
      setFailure(error ?? null);
    },
    replay: async (body: Order) => {
      const send = () => call.POST("/v1/dead-letters/{letter_id}/replay", { params, body });
      if (await act({ send, done: text.replay_done, changes: LISTS })) onDone();
    },
    discard: async () => {
      const reason = await ask(text.discard_ask, text.discard_hint);
      if (reason === null) return;
      const send = () => call.POST("/v1/dead-letters/{letter_id}/discard", { params, body: { reason } });
      if (await act({ send, done: text.discard_done, changes: LISTS })) onDone();
    },
  };
}
