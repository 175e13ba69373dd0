import { Card, Col, Descriptions, Row, Skeleton } from "antd";
import { Link, useParams } from "react-router";
import { sampling } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { useText as useTitles } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useTeamWords } from "../../i18n/teams";
import { useWords, wordFor } from "../../i18n/words";
import { DueDay } from "../../kit/DueDay";
import { EntityLink } from "../../kit/EntityLink";
import { Failure } from "../../kit/Failure";
import { Page } from "../../kit/Page";
import type { Task } from "./model";
import { OpenWarnings } from "./OpenWarnings";
import { ResultForm } from "./ResultForm";
import { useText } from "./text";
import { useMayRecord, useOutbox, useResultName } from "./useVisits";
import { Address, Items, Team, Why } from "./Visit";
import "./inspections.css";

/** One visit: whom, where and why, and what was found. */
export default function Inspection() {
  const titles = useTitles();
  const { id = "" } = useParams();
  useOutbox();
  const reading = sampling.useQuery("get", "/v1/tasks/{task_id}", { params: { path: { task_id: id } } });
  if (reading.data) return <Visit task={reading.data} />;
  return (
    <Page title={titles.inspection}>
      {reading.isPending ? (
        <Skeleton active={false} />
      ) : (
        <Failure error={reading.error} onRetry={() => void reading.refetch()} />
      )}
    </Page>
  );
}

function Visit({ task }: { task: Task }) {
  const text = useText();
  return (
    <Page
      title={task.name || task.uscc}
      lead={<Link to="/inspections">{text.back}</Link>}
      printable={task.state === "done"}
    >
      <Row gutter={[12, 12]}>
        <Col xs={24} lg={12}>
          <div className="grid">
            <Card title={<h2>{text.object}</h2>}>
              <Particulars task={task} />
            </Card>
            <OpenWarnings uscc={task.uscc} />
          </div>
        </Col>
        <Col xs={24} lg={12}>
          <Card title={<h2>{text.result}</h2>}>
            <Found task={task} />
          </Card>
        </Col>
      </Row>
    </Page>
  );
}

function Particulars({ task }: { task: Task }) {
  const text = useText();
  const words = useWords();
  const items = [
    { key: "entity", label: words.entity, children: <EntityLink uscc={task.uscc} name={task.name} /> },
    { key: "uscc", label: words.uscc, children: task.uscc },
    { key: "address", label: text.address, children: <Address address={task.address} /> },
    { key: "why", label: text.why, children: <Why task={task} /> },
    { key: "items", label: text.items, children: <Items codes={task.items} /> },
    { key: "team", label: text.team, children: <Team task={task} /> },
    ...(task.note ? [{ key: "note", label: text.note, children: <TeamNote note={task.note} /> }] : []),
    { key: "drawn", label: text.drawn_on, children: task.drawn_on },
    {
      key: "due",
      label: text.due,
      children: <DueDay day={task.due_on} settled={task.state === "done"} />,
    },
    { key: "state", label: words.state, children: wordFor(text, `state_${task.state}`) },
  ];
  return <Descriptions items={items} column={1} size="small" />;
}

/** What bent for the team, each with the areas that helped: `neighbouring_area:510105; no_specialist`. */
function TeamNote({ note }: { note: string }) {
  const teams = useTeamWords();
  const areas = useNames("areas");
  const { list } = useFormats();
  const { bracketed } = useText();
  return note.split("; ").map((each) => {
    const [code = "", helping] = each.split(":");
    const word = wordFor(teams, code);
    return <div key={code}>{helping ? bracketed(word, list(helping.split(",").map(areas))) : word}</div>;
  });
}

function Found({ task }: { task: Task }) {
  const text = useText();
  const { moment } = useFormats();
  const resultName = useResultName();
  const mayRecord = useMayRecord()(task);
  if (mayRecord) return <ResultForm task={task} />;
  if (task.result_codes === null) return <p className="quiet">{text.not_yours}</p>;
  const items = [
    {
      key: "found",
      label: text.result,
      children: <strong>{task.result_codes.map(resultName).join("、")}</strong>,
    },
    { key: "at", label: text.done_at, children: moment(task.occurred_at) },
    { key: "remark", label: text.remark, children: task.remark || "—" },
  ];
  return (
    <>
      <Descriptions items={items} column={1} size="small" />
      <p className="quiet">{text.done_note}</p>
    </>
  );
}
