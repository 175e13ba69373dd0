import { Tabs } from "antd";
import { useMay } from "../../app/session";
import { useText as useTitles } from "../../app/text";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { AllTasks } from "./AllTasks";
import { Draws } from "./Draws";
import { Inspectors } from "./Inspectors";
import { MyVisits } from "./MyVisits";
import { useText } from "./text";
import "./inspections.css";

const TABS = ["tasks", "draws", "inspectors"] as const;

/** Visits: an inspector's own, or those of an area with its draws and its inspectors. */
export default function Inspections() {
  const inspects = useMay("inspector");
  return inspects ? <MyVisits /> : <Overseen />;
}

function Overseen() {
  const titles = useTitles();
  const text = useText();
  const [state, change] = useUrlState();
  const tab = TABS.find((each) => each === state.tab) ?? "tasks";
  const content = {
    tasks: <AllTasks state={state} change={change} />,
    draws: <Draws />,
    inspectors: <Inspectors />,
  };
  const tabs = TABS.map((key) => ({
    key,
    label: text[`tab_${key}`],
    children: key === tab ? content[key] : null,
  }));
  return (
    <Page title={titles.inspections} lead={text.lead}>
      <Tabs items={tabs} activeKey={tab} onChange={(key) => change({ tab: key === "tasks" ? "" : key })} />
    </Page>
  );
}
