import { Button, Flex, Segmented, Select } from "antd";
import type { components } from "../../api/generated/repair";
import { useText as usePages } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { EntityLink } from "../../kit/EntityLink";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { Letter } from "./Letter";
import { operationsOf, SERVICES, type Service } from "./services";
import { useText } from "./text";

type DeadLetter = components["schemas"]["DeadLetter"];

export default function DeadLetters() {
  const pages = usePages();
  const text = useText();
  const [state, setState] = useUrlState();
  const service = SERVICES.find((each) => each === state.service) ?? SERVICES[0];
  const settled = state.state === "settled";
  return (
    <Page title={pages.dead_letters} lead={text.letters_lead}>
      <Flex gap={8} wrap className="stack no-print">
        <Select
          aria-label={text.service}
          className="filter"
          value={service}
          options={SERVICES.map((value) => ({ value, label: text[value] }))}
          onChange={(chosen) => setState({ service: chosen, letter: undefined })}
        />
        <Segmented
          aria-label={text.outcome}
          value={settled ? "settled" : "open"}
          options={(["open", "settled"] as const).map((value) => ({ value, label: text[value] }))}
          onChange={(chosen) => setState({ state: chosen === "open" ? undefined : chosen })}
        />
      </Flex>
      <LetterTable service={service} settled={settled} onOpen={(id) => setState({ letter: String(id) })} />
      {state.letter && (
        <Letter service={service} id={Number(state.letter)} onClose={() => setState({ letter: undefined })} />
      )}
    </Page>
  );
}

interface TableProps {
  service: Service;
  settled: boolean;
  onOpen: (id: number) => void;
}

function LetterTable({ service, settled, onOpen }: TableProps) {
  const pages = usePages();
  const text = useText();
  const { moment } = useFormats();
  const columns = [
    { title: text.since, dataIndex: "created_at", render: moment },
    { title: text.event, dataIndex: "type" },
    { title: text.key, dataIndex: "key", render: (key: string) => (key ? <EntityLink uscc={key} /> : "—") },
    { title: text.error, dataIndex: "error", ellipsis: true, width: 380 },
    ...(settled
      ? [
          {
            title: text.outcome,
            key: "outcome",
            render: (_: unknown, letter: DeadLetter) =>
              [wordFor(text, letter.settled_as), letter.settled_by, moment(letter.settled_at)].join(" · "),
          },
        ]
      : []),
    {
      title: "",
      key: "open",
      render: (_: unknown, { id }: DeadLetter) => (
        <Button size="small" onClick={() => onOpen(id)}>
          {text.look}
        </Button>
      ),
    },
  ];
  return (
    <CursorTable<DeadLetter>
      label={pages.dead_letters}
      listKey={["dead-letters", service, settled]}
      rowKey="id"
      columns={columns}
      emptyHint={settled ? undefined : text.no_letters}
      read={(cursor) =>
        operationsOf(service).call.GET("/v1/dead-letters", {
          params: { query: { settled, cursor, limit: 50 } },
        })
      }
    />
  );
}
