import { DownloadOutlined } from "@ant-design/icons";
import { Tabs } from "antd";
import { useMay, useSeesCity } from "../../app/session";
import { useWords } from "../../i18n/words";
import { DownloadButton } from "../../kit/DownloadButton";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import "./models.css";
import { Alarms } from "./review/Alarms";
import { Discovered } from "./review/Discovered";
import { Filters } from "./review/Filters";
import { Moving } from "./review/Moving";
import { usePeriod, workbookOf } from "./review/period";
import { Quality } from "./review/Quality";
import { Runs } from "./review/Runs";
import { useReviewText } from "./review/reviewText";

/** Whether classes mean what they say, by what inspections found. */
export default function Review() {
  const text = useReviewText();
  const words = useWords();
  const seesCity = useSeesCity();
  const manages = useMay("model_manager", "city_administrator");
  const [period] = usePeriod();
  const [{ tab = "discovery" }, change] = useUrlState();
  const pages = [
    { key: "discovery", label: text.discovery, children: <Discovered /> },
    { key: "quality", label: text.quality, children: <Quality /> },
    { key: "moves", label: text.moves, children: <Moving /> },
    ...(seesCity ? [{ key: "alarms", label: text.alarms, children: <Alarms /> }] : []),
    ...(manages ? [{ key: "runs", label: text.runs, children: <Runs /> }] : []),
  ];
  const workbook = (
    <DownloadButton icon={<DownloadOutlined />} href={workbookOf(period)}>
      {words.export_excel}
    </DownloadButton>
  );
  return (
    <Page title={text.title} lead={text.lead} actions={workbook} printable>
      {tab !== "alarms" && tab !== "runs" && <Filters areaOnly={tab === "moves"} />}
      <Tabs
        activeKey={pages.some(({ key }) => key === tab) ? tab : "discovery"}
        onChange={(key) => change({ tab: key === "discovery" ? undefined : key })}
        items={pages}
        destroyOnHidden
      />
    </Page>
  );
}
