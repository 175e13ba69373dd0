import { App, Button, Descriptions, Flex, Progress, Statistic, Table, Typography } from "antd";
import { useNavigate, useParams } from "react-router";
import { BY_ITSELF, ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useFormats } from "../../i18n/format";
import { useReasons } from "../../i18n/reasons";
import { wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { DownloadButton } from "../../kit/DownloadButton";
import { Failure } from "../../kit/Failure";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useAct } from "../../kit/useAct";
import { FileState } from "./Files";
import { bytes } from "./shared";
import { useText } from "./text";

type Stored = components["schemas"]["FileOut"];
type Job = NonNullable<Stored["job"]>;
type Row = components["schemas"]["RowOut"];

const LISTS = [["get", "/v1/files/{file_id}"], ["files"]];

function isGoing(job: Job | null | undefined): boolean {
  return job?.state === "waiting" || job?.state === "running";
}

export default function FilePage() {
  const { id = "" } = useParams();
  const text = useText();
  const file = ingestion.useQuery(
    "get",
    "/v1/files/{file_id}",
    { params: { path: { file_id: id } }, ...BY_ITSELF },
    { refetchInterval: ({ state }) => (isGoing(state.data?.job) ? 700 : false) },
  );
  return (
    <Page title={file.data?.name ?? text.file} actions={file.data && <FileActions file={file.data} />}>
      <Loaded reading={file}>
        {(found) => (
          <Flex vertical gap={16}>
            <About file={found} />
            {found.job ? <JobReport job={found.job} /> : <p className="quiet">{text.no_job}</p>}
            {found.job && !isGoing(found.job) && <Faults file={found} />}
          </Flex>
        )}
      </Loaded>
    </Page>
  );
}

function About({ file }: { file: Stored }) {
  const text = useText();
  const { moment } = useFormats();
  const items = [
    { label: text.source, children: file.source },
    {
      label: text.mapping,
      children: file.job ? `${file.mapping} v${file.job.mapping_version}` : file.mapping,
    },
    { label: text.size, children: bytes(file.size) },
    { label: text.sent_by, children: file.created_by },
    { label: text.sent_at, children: moment(file.created_at) },
    { label: text.file_state, children: <FileState file={file} /> },
  ];
  return <Descriptions size="small" bordered column={{ xs: 1, sm: 2, lg: 3 }} items={items} />;
}

function JobReport({ job }: { job: Job }) {
  const text = useText();
  const { count, moment } = useFormats();
  const figures = [
    { title: text.rows, value: job.rows },
    { title: job.kind === "load" ? text.loaded : text.accepted, value: job.accepted },
    { title: text.duplicate, value: job.duplicate },
    { title: text.quarantined, value: job.quarantined },
    { title: text.rejected, value: job.rejected },
  ];
  return (
    <section aria-live="polite" aria-busy={isGoing(job)}>
      {isGoing(job) && (
        <Flex vertical>
          <Progress percent={Math.round(job.share * 100)} aria-label={wordFor(text, `job_${job.kind}`)} />
          <span className="quiet">
            {job.rows_per_s ? text.speed(count(Math.round(job.rows_per_s))) : text.waiting}
            {job.estimated_end ? ` · ${text.ends_at} ${moment(job.estimated_end)}` : ""}
          </span>
        </Flex>
      )}
      <Flex gap={32} wrap className="stack">
        {figures.map(({ title, value }) => (
          <Statistic key={title} title={title} value={count(value)} />
        ))}
      </Flex>
      {job.problem && <Failure error={{ type: "", title: "", status: 422, errors: [job.problem] }} />}
      <Reasons job={job} />
    </section>
  );
}

function Reasons({ job }: { job: Job }) {
  const text = useText();
  const reasons = useReasons();
  const { count } = useFormats();
  const columns = [
    { title: text.verdict, dataIndex: "verdict", render: (verdict: string) => wordFor(text, verdict) },
    { title: text.field, dataIndex: "field" },
    { title: text.problem, dataIndex: "problem", render: (problem: string) => wordFor(reasons, problem) },
    { title: text.rows, dataIndex: "rows", align: "right" as const, render: count },
  ];
  return (
    <Table
      size="small"
      rowKey={(row) => `${row.verdict}${row.field}${row.problem}`}
      pagination={false}
      columns={columns}
      dataSource={job.reasons}
      locale={{ emptyText: text.reasons_none }}
      title={() => text.reasons}
      scroll={{ x: "max-content" }}
    />
  );
}

function Faults({ file }: { file: Stored }) {
  const text = useText();
  const reasons = useReasons();
  const params = { file_id: file.id };
  const columns = [
    { title: text.row, dataIndex: "row", align: "right" as const },
    { title: text.verdict, dataIndex: "verdict", render: (verdict: string) => wordFor(text, verdict) },
    { title: text.column, dataIndex: "column" },
    { title: text.problem, dataIndex: "problem", render: (problem: string) => wordFor(reasons, problem) },
    { title: text.should_be, dataIndex: "expected" },
    { title: text.cells, dataIndex: "cells", render: (cells: string[]) => cells.join(" | ") },
  ];
  return (
    <section>
      <Typography.Title level={2}>{text.faults}</Typography.Title>
      <CursorTable<Row>
        label={text.faults}
        listKey={["file-rows", file.id, file.job?.kind, file.job?.ended_at]}
        rowKey={(row) => `${row.row} ${row.column} ${row.field} ${row.problem}`}
        columns={columns}
        emptyHint={text.reasons_none}
        read={(cursor) =>
          ingestion.call.GET("/v1/files/{file_id}/rows", {
            params: { path: params, query: { cursor, limit: 50 } },
          })
        }
      />
    </section>
  );
}

function FileActions({ file }: { file: Stored }) {
  const text = useText();
  const { check, load, cancel, remove } = useFileActs(file);
  const { job } = file;
  if (isGoing(job)) return <Button onClick={() => void cancel()}>{text.cancel_job}</Button>;
  const checked = job?.kind === "check" && job.state === "done";
  return (
    <>
      {job && (
        <DownloadButton href={`/api/ingestion/v1/files/${file.id}/report.xlsx`}>{text.report}</DownloadButton>
      )}
      <Button onClick={() => void check()}>{text.check_again}</Button>
      {checked && (
        <Button type="primary" onClick={load}>
          {text.load}
        </Button>
      )}
      <Button danger onClick={remove}>
        {text.delete_file}
      </Button>
    </>
  );
}

function useFileActs(file: Stored) {
  const text = useText();
  const { count } = useFormats();
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const act = useAct();
  const params = { path: { file_id: file.id } };
  const change = (done: string, send: Parameters<typeof act>[0]["send"]) =>
    act({ send, done, changes: LISTS });
  const { accepted = 0, quarantined = 0, rejected = 0 } = file.job ?? {};
  const send = {
    check: () => ingestion.call.POST("/v1/files/{file_id}/check", { params }),
    load: () => ingestion.call.POST("/v1/files/{file_id}/load", { params }),
    cancel: () => ingestion.call.POST("/v1/files/{file_id}/cancel", { params }),
    remove: () => ingestion.call.DELETE("/v1/files/{file_id}", { params }),
  };
  return {
    check: () => change(text.check_started, send.check),
    cancel: () => change(text.cancel_done, send.cancel),
    load: () =>
      modal.confirm({
        title: text.load_ask,
        content: text.load_hint(count(accepted), count(quarantined), count(rejected)),
        onOk: () => change(text.load_started, send.load),
      }),
    remove: () =>
      modal.confirm({
        title: text.delete_ask,
        content: text.delete_hint,
        onOk: async () => {
          const gone = await act({ send: send.remove, done: text.delete_done, changes: [["files"]] });
          if (gone) void navigate("/collection/files");
        },
      }),
  };
}
