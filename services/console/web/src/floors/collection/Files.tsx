import { Button, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useText as usePages } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { Page } from "../../kit/Page";
import { bytes } from "./shared";
import { useText } from "./text";
import { Upload } from "./Upload";

type File = components["schemas"]["FileOut"];

export default function Files() {
  const pages = usePages();
  const text = useText();
  const [sending, setSending] = useState(false);
  const send = (
    <Button type="primary" onClick={() => setSending(true)}>
      {text.new_file}
    </Button>
  );
  return (
    <Page title={pages.files} lead={text.files_lead} actions={send}>
      <FileTable />
      {sending && <Upload onClose={() => setSending(false)} />}
    </Page>
  );
}

function FileTable() {
  const pages = usePages();
  const text = useText();
  const { moment } = useFormats();
  const columns = [
    {
      title: text.file,
      dataIndex: "name",
      render: (name: string, { id }: File) => <Link to={`/collection/files/${id}`}>{name}</Link>,
    },
    { title: text.source, dataIndex: "source" },
    { title: text.mapping, dataIndex: "mapping" },
    { title: text.size, dataIndex: "size", align: "right" as const, render: bytes },
    {
      title: text.file_state,
      dataIndex: "state",
      render: (_: string, file: File) => <FileState file={file} />,
    },
    { title: text.sent_by, dataIndex: "created_by" },
    { title: text.sent_at, dataIndex: "created_at", render: moment },
  ];
  return (
    <CursorTable<File>
      label={pages.files}
      listKey={["files"]}
      emptyHint={text.no_files}
      rowKey="id"
      columns={columns}
      read={(cursor) => ingestion.call.GET("/v1/files", { params: { query: { cursor, limit: 50 } } })}
    />
  );
}

const COLOURS: Record<string, string> = { done: "green", failed: "red", running: "blue" };

/** How far a file is: its job where it has one, else whether it is all here. */
export function FileState({ file }: { file: File }) {
  const text = useText();
  const { share } = useFormats();
  const { job } = file;
  if (!job) return <Tag>{wordFor(text, file.state)}</Tag>;
  const progress = job.state === "running" ? ` ${share(job.share)}` : "";
  return (
    <Tag
      color={COLOURS[job.state]}
    >{`${wordFor(text, `job_${job.kind}`)} · ${wordFor(text, job.state)}${progress}`}</Tag>
  );
}
