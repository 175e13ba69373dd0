import { Button, Flex, Grid, Select, Tag } from "antd";
import { Link } from "react-router";
import { sampling } from "../../api/client";
import { usePeople } from "../../api/people";
import { useNames, useVocabulary } from "../../api/vocabulary";
import { useMay, useSeesCity } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useWords, wordFor } from "../../i18n/words";
import { CursorCards } from "../../kit/CursorCards";
import { CursorTable } from "../../kit/CursorTable";
import { DueDay } from "../../kit/DueDay";
import { EntityLink } from "../../kit/EntityLink";
import { useAct } from "../../kit/useAct";
import { useToday } from "../../kit/useToday";
import { asked, counted, STATES, TASKS, type Task } from "./model";
import { useText } from "./text";
import { useMayRecord, useResultName } from "./useVisits";
import { Items, Team, Why } from "./Visit";
import { VisitCard } from "./VisitCard";

interface Props {
  state: Record<string, string>;
  change: (changes: Record<string, string | undefined>) => void;
}

const STATE_COLOURS = { waiting: "gold", assigned: "blue", done: "green" } as const;

/** All visits of the caller's area. */
export function AllTasks(props: Props) {
  const text = useText();
  const wide = Grid.useBreakpoint().md ?? true;
  const query = asked(props.state, useToday());
  const list = {
    label: text.tasks,
    listKey: [...TASKS, query],
    rowKey: (task: Task) => task.task_id,
    read: (cursor: string | undefined) =>
      sampling.call.GET("/v1/tasks", { params: { query: { ...query, cursor, limit: 50 } } }),
  };
  const columns = useColumns();
  return (
    <>
      <Filters {...props} />
      {wide ? (
        <CursorTable<Task> {...list} columns={columns} />
      ) : (
        <CursorCards<Task> {...list} card={(task) => <VisitCard task={task} />} />
      )}
    </>
  );
}

function Filters({ state, change }: Props) {
  const text = useText();
  const words = useWords();
  const named = useNamed();
  const seesCity = useSeesCity();
  const people = usePeople();
  const vocabulary = useVocabulary();
  const draws = sampling.useQuery("get", "/v1/draws", { params: { query: { limit: 100 } } });
  const options = {
    state: useStates(state),
    ...(seesCity && {
      area: (vocabulary.data?.areas ?? []).map((each) => ({ value: each.code, label: named(each) })),
    }),
    inspector: people.map((each) => ({ value: each.subject, label: each.name })),
    draw: (draws.data?.items ?? []).map((each) => ({ value: each.draw_id, label: each.draw_id })),
    due: [
      { value: "-1", label: text.due_overdue },
      { value: "7", label: text.due_7 },
      { value: "30", label: text.due_30 },
    ],
  };
  const labels = {
    state: words.state,
    area: words.area,
    inspector: text.inspector,
    draw: text.draw,
    due: text.due,
  };
  return (
    <Flex gap={8} wrap className="filters stack no-print" role="search" aria-label={words.search}>
      {(Object.keys(options) as (keyof typeof options)[]).map((name) => (
        <Select
          key={name}
          allowClear
          className="filter"
          aria-label={labels[name]}
          placeholder={labels[name]}
          value={state[name]}
          options={options[name] ?? []}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
          onChange={(value?: string) => change({ [name]: value })}
        />
      ))}
      <AssignWaiting />
    </Flex>
  );
}

/** The states with how many visits are in each, of those that the list is limited to. */
function useStates(state: Props["state"]) {
  const text = useText();
  const { count } = useFormats();
  const query = { ...asked(state, useToday()), state: undefined };
  const { data } = sampling.useQuery("get", "/v1/tasks/counts", { params: { query } });
  return STATES.map((value) => {
    const found = counted(data, value);
    return { value, label: `${text[`state_${value}`]}${found ? `　${count(found.tasks)}` : ""}` };
  });
}

function AssignWaiting() {
  const text = useText();
  const { count } = useFormats();
  const act = useAct();
  const may = useMay("city_administrator", "area_officer");
  const { data } = sampling.useQuery("get", "/v1/tasks/counts", {});
  if (!may || !counted(data, "waiting")?.tasks) return null;
  const assign = () =>
    act({
      send: () => sampling.call.POST("/v1/assignments"),
      done: (answer) => {
        const { assigned, still_waiting } = answer as { assigned: number; still_waiting: number };
        return text.assigned_some(count(assigned), count(still_waiting));
      },
      changes: [TASKS, ["get", "/v1/tasks/counts"]],
    });
  return <Button onClick={() => void assign()}>{text.assign_waiting}</Button>;
}

function useColumns() {
  const text = useText();
  const words = useWords();
  const areaName = useNames("areas");
  const seesCity = useSeesCity();
  const mayRecord = useMayRecord();
  const resultName = useResultName();
  return [
    {
      key: "entity",
      title: words.entity,
      render: (_: unknown, task: Task) => (
        <div className="two-lines">
          <EntityLink uscc={task.uscc} name={task.name} />
          <span className="quiet">{seesCity ? areaName(task.area_code) : task.address}</span>
        </div>
      ),
    },
    { key: "why", title: text.why, render: (_: unknown, task: Task) => <Why task={task} /> },
    { key: "items", title: text.items, render: (_: unknown, task: Task) => <Items codes={task.items} /> },
    { key: "team", title: text.team, render: (_: unknown, task: Task) => <Team task={task} /> },
    {
      key: "due",
      title: text.due,
      render: (_: unknown, task: Task) => <DueDay day={task.due_on} settled={task.state === "done"} />,
    },
    {
      key: "state",
      title: words.state,
      render: (_: unknown, task: Task) => (
        <Tag color={STATE_COLOURS[task.state as keyof typeof STATE_COLOURS]}>
          {wordFor(text, `state_${task.state}`)}
        </Tag>
      ),
    },
    {
      key: "result",
      title: text.result,
      render: (_: unknown, task: Task) => (
        <Link to={`/inspections/${task.task_id}`}>
          {task.result_codes?.map(resultName).join("、") ?? (mayRecord(task) ? text.record : text.object)}
        </Link>
      ),
    },
  ];
}
