import { Button, Flex, Input } from "antd";
import { useState } from "react";
import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { useModelName } from "../../../api/models";
import { useMay } from "../../../app/session";
import { useFormats } from "../../../i18n/format";
import { useNamed } from "../../../i18n/language";
import { useWords } from "../../../i18n/words";
import { CursorTable } from "../../../kit/CursorTable";
import { useAct, useAskReason } from "../../../kit/useAct";
import { useToday } from "../../../kit/useToday";
import { Mark } from "../definition/Mark";
import { Section } from "../definition/WholeModel";
import { fine } from "./intervals";
import { useReviewText } from "./reviewText";

type Alarm = components["schemas"]["ReviewAlarm"];
const CHANGES = [["get", "/v1/reviews/alarms"]];

/** Alarms that propose a review of the model, and what people made of each. */
export function Alarms() {
  const text = useReviewText();
  const keeps = useMay("city_administrator", "model_manager");
  return (
    <Section title={text.alarms}>
      {keeps && <Look />}
      <CursorTable<Alarm>
        label={text.alarms}
        listKey={CHANGES[0] ?? []}
        read={(cursor) => classification.call.GET("/v1/reviews/alarms", { params: { query: { cursor } } })}
        rowKey="id"
        emptyHint={text.no_alarms}
        columns={useColumns(keeps)}
      />
    </Section>
  );
}

function useColumns(keeps: boolean) {
  const text = useReviewText();
  const words = useWords();
  const format = useFormats();
  const named = useNamed();
  const modelName = useModelName();
  /** A chance is told to its third place, or it would be nought. */
  const figure = ({ kind }: Alarm, value: number) =>
    kind === "calibration" ? fine(value) : format.points(value);
  return [
    {
      title: text.alarm,
      render: (_: unknown, row: Alarm) => <div className="models-wrap">{named(row)}</div>,
    },
    { title: text.model, render: (_: unknown, row: Alarm) => modelName(row.model_id) },
    {
      title: words.state,
      render: (_: unknown, row: Alarm) => (
        <Mark tone={row.closed_on ? "plain" : "bad"}>
          {row.closed_on ? text.closed_state : text.open_state}
        </Mark>
      ),
    },
    { title: text.opened, render: (_: unknown, row: Alarm) => format.day(row.opened_on) },
    { title: text.last_seen, render: (_: unknown, row: Alarm) => format.day(row.last_seen_on) },
    { title: text.closed, render: (_: unknown, row: Alarm) => format.day(row.closed_on) },
    {
      title: text.figure,
      align: "right" as const,
      render: (_: unknown, row: Alarm) => figure(row, row.figure),
    },
    {
      title: text.threshold,
      align: "right" as const,
      render: (_: unknown, row: Alarm) => figure(row, row.threshold),
    },
    {
      title: text.acknowledged,
      render: (_: unknown, row: Alarm) =>
        row.acknowledged_by ? (
          `${row.acknowledged_by}：${row.note}`
        ) : keeps ? (
          <Acknowledge alarm={row} />
        ) : (
          "—"
        ),
    },
  ];
}

function Acknowledge({ alarm }: { alarm: Alarm }) {
  const text = useReviewText();
  const act = useAct();
  const askReason = useAskReason();
  const order = async () => {
    const note = await askReason(text.acknowledge_why);
    if (note === null) return;
    const params = { path: { alarm_id: alarm.id } };
    await act({
      send: () =>
        classification.call.POST("/v1/reviews/alarms/{alarm_id}/acknowledge", { params, body: { note } }),
      done: text.acknowledged_done,
      changes: CHANGES,
    });
  };
  return (
    <Button size="small" onClick={() => void order()}>
      {text.acknowledge}
    </Button>
  );
}

/** Looks at a business day by hand. */
function Look() {
  const text = useReviewText();
  const act = useAct();
  const today = useToday();
  const [day, choose] = useState(today);
  const look = () =>
    act({
      send: () => classification.call.POST("/v1/reviews/runs", { body: { business_date: day } }),
      done: text.looked,
      changes: CHANGES,
    });
  return (
    <Flex gap={8} wrap className="models-switch no-print">
      <span className="models-field">
        <span>{text.look_day}</span>
        <Input
          type="date"
          aria-label={text.look_day}
          value={day}
          max={today}
          onChange={({ target }) => target.value && choose(target.value)}
        />
      </span>
      <Button onClick={() => void look()}>{text.look}</Button>
    </Flex>
  );
}
