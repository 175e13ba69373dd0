import { Button, Descriptions, Drawer, Flex, Form, Input, Typography } from "antd";
import { useState } from "react";
import { ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useMay } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useReasons } from "../../i18n/reasons";
import { useWords, wordFor } from "../../i18n/words";
import { Loaded } from "../../kit/Loaded";
import { useAct, useAskReason } from "../../kit/useAct";
import { correctionOf, eventIn } from "./event";
import { useFactTypes } from "./shared";
import { useText } from "./text";

type Item = components["schemas"]["QuarantinedOut"];

const LISTS = [["quarantine"], ["get", "/v1/quarantine/counts"], ["get", "/v1/quarantine/{number}"]];

/** One quarantined fact: what came, why it waits, and how to settle it. */
export function QuarantineItem({ number, onClose }: { number: number; onClose: () => void }) {
  const words = useWords();
  const text = useText();
  const maySettle = useMay("city_administrator");
  const item = ingestion.useQuery("get", "/v1/quarantine/{number}", { params: { path: { number } } });
  return (
    <Drawer open title={text.settle} size={640} onClose={onClose} closable={{ "aria-label": words.close }}>
      <Loaded reading={item}>
        {(found) => (
          <Flex vertical gap={16}>
            <About item={found} />
            {maySettle && found.state === "open" && <Settle key={found.id} item={found} onDone={onClose} />}
            <Original text={found.original ?? ""} />
          </Flex>
        )}
      </Loaded>
    </Drawer>
  );
}

function About({ item }: { item: Item }) {
  const text = useText();
  const reasons = useReasons();
  const { name } = useFactTypes();
  const { moment } = useFormats();
  const settled = [item.settled_by, moment(item.settled_at), item.note].filter(Boolean).join(" · ");
  const items = [
    { label: text.reason, children: wordFor(reasons, item.reason) },
    { label: text.source, children: item.source },
    { label: text.fact, children: item.fact_id },
    { label: text.fact_type, children: name(item.type) },
    { label: text.received, children: moment(item.received_at) },
    { label: text.file_state, children: text[`state_${item.state}`] },
    ...(item.settled_by ? [{ label: text.settled_by, children: settled }] : []),
  ];
  return <Descriptions size="small" column={1} items={items} />;
}

function Settle({ item, onDone }: { item: Item; onDone: () => void }) {
  const text = useText();
  const ask = useAskReason();
  const act = useAct();
  const came = eventIn(item.original ?? "");
  const [subject, setSubject] = useState(came.subject);
  const [time, setTime] = useState(came.time);
  const [data, setData] = useState(came.data);
  const correction = correctionOf(came, { subject, time, data });
  const params = { path: { number: item.id } };
  const release = async () => {
    const send = () =>
      ingestion.call.POST("/v1/quarantine/{number}/release", { params, body: correction as never });
    if (await act({ send, done: text.released, changes: LISTS })) onDone();
  };
  const discard = async () => {
    const reason = await ask(text.discard_ask);
    if (reason === null) return;
    const send = () => ingestion.call.POST("/v1/quarantine/{number}/discard", { params, body: { reason } });
    if (await act({ send, done: text.discarded, changes: LISTS })) onDone();
  };
  return (
    <Form layout="vertical" onFinish={() => void release()}>
      <Typography.Title level={2}>{text.corrected}</Typography.Title>
      <Form.Item label={text.subject} htmlFor="correct-subject">
        <Input
          id="correct-subject"
          value={subject}
          maxLength={200}
          onChange={({ target }) => setSubject(target.value)}
        />
      </Form.Item>
      <Form.Item label={text.time} htmlFor="correct-time">
        <Input
          id="correct-time"
          value={time}
          maxLength={40}
          onChange={({ target }) => setTime(target.value)}
        />
      </Form.Item>
      <Form.Item
        label={text.data}
        htmlFor="correct-data"
        validateStatus={correction === null ? "error" : ""}
        help={correction === null ? text.not_json : ""}
      >
        <Input.TextArea
          id="correct-data"
          rows={8}
          spellCheck={false}
          value={data}
          onChange={({ target }) => setData(target.value)}
        />
      </Form.Item>
      <Flex gap={8}>
        <Button type="primary" htmlType="submit" disabled={correction === null}>
          {text.release}
        </Button>
        <Button danger onClick={() => void discard()}>
          {text.discard}
        </Button>
      </Flex>
    </Form>
  );
}

function Original({ text: original }: { text: string }) {
  const text = useText();
  return (
    <section>
      <Typography.Title level={2}>{text.original}</Typography.Title>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className="original" tabIndex={0}>
        {original}
      </pre>
    </section>
  );
}
