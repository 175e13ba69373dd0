import { Tabs } from "antd";
import { sampling } from "../../api/client";
import { useSession } from "../../app/session";
import { useText as useTitles } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { CursorCards } from "../../kit/CursorCards";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { draftsOf } from "./drafts";
import { counted, TASKS, type Task } from "./model";
import { useText } from "./text";
import { useOutbox } from "./useVisits";
import { VisitCard } from "./VisitCard";

type Tab = "todo" | "done";

/** An inspector's own visits: those to make, and those made. */
export function MyVisits() {
  const titles = useTitles();
  const text = useText();
  const { count } = useFormats();
  const [state, change] = useUrlState();
  useOutbox();
  const counts = sampling.useQuery("get", "/v1/tasks/counts", { params: { query: { mine: true } } });
  const tab: Tab = state.tab === "done" ? "done" : "todo";
  const label = (key: Tab) => {
    const found = counted(counts.data, key === "done" ? "done" : "assigned");
    return (
      <>
        {text[`tab_${key}`]} {found && <span className="tab-count">{count(found.tasks)}</span>}
      </>
    );
  };
  const tabs = (["todo", "done"] as const).map((key) => ({
    key,
    label: label(key),
    children: key === tab ? <Visits tab={tab} /> : null,
  }));
  return (
    <Page title={titles.inspections} lead={text.lead_mine}>
      <Tabs items={tabs} activeKey={tab} onChange={(key) => change({ tab: key === "todo" ? "" : key })} />
    </Page>
  );
}

function Visits({ tab }: { tab: Tab }) {
  const text = useText();
  const { subject } = useSession();
  const drafts = draftsOf(window.localStorage, subject);
  const query = { mine: true, state: tab === "done" ? ("done" as const) : ("assigned" as const) };
  return (
    <CursorCards<Task>
      label={text.tasks}
      emptyHint={tab === "done" ? text.nothing_done : text.nothing_todo}
      listKey={[...TASKS, query]}
      rowKey={(task) => task.task_id}
      read={(cursor) =>
        sampling.call.GET("/v1/tasks", { params: { query: { ...query, cursor, limit: 30 } } })
      }
      card={(task) => <VisitCard task={task} draft={drafts.get(task.task_id)} />}
    />
  );
}
