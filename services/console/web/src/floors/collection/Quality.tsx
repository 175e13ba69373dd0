import { Button, DatePicker, Table } from "antd";
import dayjs from "dayjs";
import { useMemo } from "react";
import { ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useMay } from "../../app/session";
import { useText as usePages } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { Chart } from "../../kit/Chart";
import { DownloadButton } from "../../kit/DownloadButton";
import { daysLater } from "../../kit/days";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useAct } from "../../kit/useAct";
import { useToday } from "../../kit/useToday";
import { useUrlState } from "../../kit/useUrlState";
import { acceptedByDay } from "./quality";
import { useText } from "./text";

type Day = components["schemas"]["DayOut"];

const SHOWN_DAYS = 13;

export default function Quality() {
  const pages = usePages();
  const text = useText();
  const words = useWords();
  const [state, setState] = useUrlState();
  const today = useToday();
  const last = state.last ?? today;
  const first = state.first ?? daysLater(last, -SHOWN_DAYS);
  const quality = ingestion.useQuery("get", "/v1/quality", { params: { query: { first, last } } });
  const actions = (
    <>
      <DatePicker.RangePicker
        aria-label={text.from_to}
        allowClear={false}
        value={[dayjs(first), dayjs(last)]}
        onChange={(_, [from, to]) => setState({ first: from, last: to })}
      />
      <Compute first={first} last={last} />
      <DownloadButton href={`/api/ingestion/v1/quality.xlsx?first=${first}&last=${last}`}>
        {words.export_excel}
      </DownloadButton>
    </>
  );
  return (
    <Page title={pages.quality} lead={text.quality_lead} actions={actions} printable>
      <ByDay first={first} last={last} />
      <Loaded reading={quality} isEmpty={(days) => days.length === 0} emptyHint={text.no_quality}>
        {(days) => <Measures days={days} />}
      </Loaded>
    </Page>
  );
}

function Compute({ first, last }: { first: string; last: string }) {
  const text = useText();
  const { count } = useFormats();
  const act = useAct();
  const mayCompute = useMay("city_administrator");
  const over = [last, daysLater(useToday(), -1)].sort()[0] ?? last;
  if (!mayCompute || over < first) return null;
  const compute = () =>
    act({
      send: () => ingestion.call.POST("/v1/quality/compute", { body: { first, last: over } }),
      done: text.compute_done(count(dayjs(over).diff(dayjs(first), "day") + 1)),
      changes: [["get", "/v1/quality"]],
    });
  return <Button onClick={() => void compute()}>{text.compute}</Button>;
}

function ByDay({ first, last }: { first: string; last: string }) {
  const text = useText();
  const figures = ingestion.useQuery("get", "/v1/figures", { params: { query: { first, last } } });
  const { count } = useFormats();
  const chart = useMemo(
    () => acceptedByDay(figures.data ?? [], text.day, count),
    [figures.data, text, count],
  );
  return (
    <Loaded reading={figures} isEmpty={(all) => all.length === 0}>
      {() => <Chart label={text.by_day} {...chart} footer={text.by_day} />}
    </Loaded>
  );
}

function Measures({ days }: { days: Day[] }) {
  const text = useText();
  const { count, share } = useFormats();
  const right = { align: "right" as const };
  const columns = [
    { title: text.day, dataIndex: "day" },
    { title: text.source, dataIndex: "source" },
    { title: text.received_n, dataIndex: "received", ...right, render: count },
    { title: text.accepted_n, dataIndex: "accepted", ...right, render: count },
    ...(["completeness", "validity", "timeliness", "uniqueness", "consistency"] as const).map((measure) => ({
      title: text[measure],
      dataIndex: measure,
      ...right,
      render: share,
    })),
    { title: text.lag, dataIndex: "lag_median_s", ...right, render: useLag() },
  ];
  return (
    <Table
      rowKey={(row) => `${row.day} ${row.source}`}
      size="small"
      pagination={false}
      columns={columns}
      dataSource={days}
      scroll={{ x: "max-content" }}
    />
  );
}

function useLag(): (seconds: number | null) => string {
  const text = useText();
  const { count } = useFormats();
  return (seconds) => {
    if (seconds === null) return "—";
    if (seconds < 120) return text.seconds(count(seconds));
    if (seconds < 7200) return text.minutes(count(Math.round(seconds / 60)));
    return seconds < 172_800
      ? text.hours(count(Math.round(seconds / 3600)))
      : text.days_n(count(Math.round(seconds / 86_400)));
  };
}
