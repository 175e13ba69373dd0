import { Button, Card, Descriptions, Flex } from "antd";
import { usePersonName } from "../../api/people";
import { useMay } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useWords, wordFor } from "../../i18n/words";
import { DueDay } from "../../kit/DueDay";
import type { SignalFile } from "./model";
import { SeverityTag } from "./Severity";
import { ruleSaid, useSentences } from "./sentences";
import { useText } from "./text";
import { useFamilies, useSaid } from "./useFamilies";
import { useSignalActs } from "./useSignalActs";

/** What a signal says, by which rule, who has it, and whether it was of use. */
export function Situation({ file }: { file: SignalFile }) {
  const text = useText();
  const said = useSaid()(file);
  return (
    <Card title={<h2>{text.situation}</h2>}>
      <p className="situation">
        <SeverityTag value={file.severity} /> <strong>{said.title}</strong>
        <span>{said.sentence}</span>
      </p>
      <Descriptions items={useItems(file)} column={{ xs: 1, md: 2 }} size="small" />
      <Judge file={file} />
    </Card>
  );
}

function useItems(file: SignalFile) {
  const text = useText();
  const words = useWords();
  const named = useNamed();
  const formats = useFormats();
  const say = useSentences();
  const personName = usePersonName();
  const family = useFamilies().get(file.family);
  const settled = file.state === "cleared";
  return [
    { key: "state", label: words.state, children: wordFor(text, `state_${file.state}`) },
    {
      key: "assignee",
      label: text.assignee,
      children: file.assignee ? personName(file.assignee) : text.nobody,
    },
    { key: "raised", label: text.raised_on, children: file.raised_on },
    { key: "due", label: text.due, children: <DueDay day={file.due_on} settled={settled} /> },
    { key: "step", label: text.step, children: wordFor(text, file.suggested_step) },
    ...(file.snoozed_until
      ? [{ key: "until", label: text.snoozed_until, children: file.snoozed_until }]
      : []),
    ...(settled
      ? [
          { key: "cleared", label: text.cleared_on, children: file.cleared_on },
          { key: "why", label: text.cleared_reason, children: file.cleared_reason || text.trail_over },
        ]
      : []),
    ...(family
      ? [
          {
            key: "rule",
            label: text.rule,
            span: "filled" as const,
            children: ruleSaid(family, say, formats, named) || "—",
          },
          { key: "ground", label: text.ground, span: "filled" as const, children: family.ground },
        ]
      : []),
  ];
}

function Judge({ file }: { file: SignalFile }) {
  const text = useText();
  const may = useMay("city_administrator", "area_officer");
  const acts = useSignalActs(file.signal_id);
  if (!may) return null;
  const button = (useful: boolean, label: string) => (
    <Button
      aria-pressed={file.useful === useful}
      type={file.useful === useful ? "primary" : "default"}
      onClick={() => void acts.judge(useful, "")}
    >
      {label}
    </Button>
  );
  return (
    <Flex gap={8} align="center" wrap className="no-print judge">
      <span>{text.judge}</span>
      {button(true, text.useful)}
      {button(false, text.not_useful)}
    </Flex>
  );
}
