import { Alert, Button, Flex, Progress, Statistic, Table, Tag } from "antd";
import { useText as usePages } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { Failure } from "../../kit/Failure";
import { Page } from "../../kit/Page";
import { useText } from "./text";
import { type AuditReport, type ComparedBooks, useAudit } from "./useAudit";

export default function Audit() {
  const pages = usePages();
  const text = useText();
  const { report, progress, failure, start } = useAudit();
  const run = (
    <Button type="primary" loading={progress !== null} onClick={start}>
      {text.run_audit}
    </Button>
  );
  const done = progress && progress.of > 0 ? Math.round((progress.compared / progress.of) * 100) : 0;
  return (
    <Page title={pages.audit} lead={text.audit_lead} actions={run} printable={report !== null}>
      {progress && <Progress percent={done} aria-label={text.running} />}
      {failure && <Failure error={failure} onRetry={start} />}
      {report && <Report report={report} />}
      {!report && !progress && !failure && <p className="quiet">{text.never_run}</p>}
    </Page>
  );
}

function Report({ report }: { report: AuditReport }) {
  const text = useText();
  const { count } = useFormats();
  const figures = [
    { title: text.accepted, value: report.accepted },
    { title: text.recorded, value: report.recorded },
    { title: text.decided, value: report.decided },
    { title: text.lost, value: report.lost },
    { title: text.doubled, value: report.doubled },
    { title: text.letters, value: report.dead_letters },
  ];
  return (
    <Flex vertical gap={16}>
      <Alert
        role="status"
        showIcon
        type={report.whole ? "success" : "error"}
        title={report.whole ? text.all_right : text.not_right}
        description={report.unread.length > 0 ? report.unread.join("\n") : undefined}
      />
      <Flex gap={32} wrap>
        {figures.map(({ title, value }) => (
          <Statistic key={title} title={title} value={count(value)} />
        ))}
      </Flex>
      <Pairs compared={report.compared} />
    </Flex>
  );
}

function Pairs({ compared }: { compared: ComparedBooks[] }) {
  const text = useText();
  const named = useNamed();
  const { count } = useFormats();
  const right = { align: "right" as const };
  const columns = [
    {
      title: text.pair,
      key: "pair",
      render: (_: unknown, pair: ComparedBooks) => (
        <>
          {named(pair)}
          <div>
            <code className="quiet">{pair.books}</code>
          </div>
        </>
      ),
    },
    { title: text.left_rows, dataIndex: "left_rows", ...right, render: count },
    { title: text.right_rows, dataIndex: "right_rows", ...right, render: count },
    { title: text.lost, dataIndex: "lost", ...right, render: count },
    { title: text.doubled, dataIndex: "doubled", ...right, render: count },
    {
      title: text.finding,
      key: "finding",
      render: (_: unknown, { lost, doubled, examples }: ComparedBooks) =>
        lost + doubled === 0 ? (
          <Tag color="green">{text.holds}</Tag>
        ) : (
          <>
            <Tag color="red">{text.differs}</Tag>
            {examples.join("、")}
          </>
        ),
    },
  ];
  return (
    <Table
      rowKey="books"
      size="small"
      pagination={false}
      columns={columns}
      dataSource={compared}
      scroll={{ x: "max-content" }}
    />
  );
}
