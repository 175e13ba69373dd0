import { useQueries } from "@tanstack/react-query";
import { App, Button, Flex, type TableProps, Tag, Tooltip } from "antd";
import { useState } from "react";
import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { useModelName } from "../../../api/models";
import { useMay, useSession } from "../../../app/session";
import { useFormats } from "../../../i18n/format";
import { useWords, wordFor } from "../../../i18n/words";
import { Failure } from "../../../kit/Failure";
import { Nothing } from "../../../kit/Loaded";
import { useAct, useAskReason } from "../../../kit/useAct";
import { PlainTable } from "../definition/PlainTable";
import { useText } from "../text";
import { RollbackForm } from "./RollbackForm";
import { codeOf, type Stood } from "./standing";

type Rollback = components["schemas"]["RollbackRow"];
const CHANGES = [
  ["get", "/v1/models/{code}/rollbacks"],
  ["get", "/v1/models"],
];

/** Proposals to go back, of all models; whoever may decide about models can propose and decide. */
export function Rollbacks({ versions }: { versions: Stood[] }) {
  const text = useText();
  const may = useMay("approver", "model_manager");
  const [open, setOpen] = useState(false);
  const codes = [...new Set(versions.map(({ model }) => codeOf(model.id)))];
  const found = useQueries({
    queries: codes.map((code) =>
      classification.queryOptions("get", "/v1/models/{code}/rollbacks", { params: { path: { code } } }),
    ),
  });
  const failed = found.find(({ error }) => error);
  if (failed) return <Failure error={failed.error} onRetry={() => void failed.refetch()} />;
  const rows = found.flatMap(({ data }) => data?.items ?? []);
  rows.sort((one, other) => other.proposed_at.localeCompare(one.proposed_at));
  return (
    <>
      {may && (
        <Button className="no-print models-switch" onClick={() => setOpen(true)}>
          {text.propose_rollback}
        </Button>
      )}
      <RollbackTable rows={rows} loading={found.some(({ isPending }) => isPending)} may={may} />
      {open && <RollbackForm versions={versions} changes={CHANGES} onClose={() => setOpen(false)} />}
    </>
  );
}

function RollbackTable({ rows, loading, may }: { rows: Rollback[]; loading: boolean; may: boolean }) {
  const text = useText();
  const words = useWords();
  const format = useFormats();
  const modelName = useModelName();
  const columns: NonNullable<TableProps<Rollback>["columns"]> = [
    { title: text.rollback_to, render: (_, row) => modelName(row.to_model) },
    { title: text.from_day, dataIndex: "from_day" },
    { title: words.reason, dataIndex: "reason" },
    { title: words.state, render: (_, row) => <Tag>{wordFor(text, row.state)}</Tag> },
    { title: text.proposed_by, dataIndex: "proposed_by" },
    { title: text.proposed_at, render: (_, row) => format.moment(row.proposed_at) },
    { title: text.decided_by, render: (_, row) => row.decided_by ?? "—" },
    { title: text.refuse_reason, render: (_, row) => row.refuse_reason || "—" },
  ];
  if (may) columns.push({ title: words.actions, render: (_, row) => <Decide rollback={row} /> });
  return (
    <PlainTable<Rollback>
      label={text.rollbacks}
      columns={columns}
      dataSource={rows}
      rowKey="number"
      loading={loading}
      locale={{ emptyText: loading ? " " : <Nothing hint={text.rollbacks_empty} /> }}
    />
  );
}

function Decide({ rollback }: { rollback: Rollback }) {
  const text = useText();
  const { subject } = useSession();
  const { modal } = App.useApp();
  const act = useAct();
  const askReason = useAskReason();
  const modelName = useModelName();
  if (rollback.state !== "proposed") return null;
  const path = { number: rollback.number };
  const own = rollback.proposed_by === subject;
  const approve = () =>
    modal.confirm({
      title: text.approve_rollback(modelName(rollback.to_model), rollback.from_day),
      content: text.approve_rollback_hint,
      onOk: () =>
        act({
          send: () => classification.call.POST("/v1/rollbacks/{number}/approve", { params: { path } }),
          done: text.rollback_approved,
          changes: CHANGES,
        }),
    });
  const refuse = async () => {
    const reason = await askReason(text.refuse_rollback);
    if (reason === null) return;
    const params = { path };
    await act({
      send: () => classification.call.POST("/v1/rollbacks/{number}/refuse", { params, body: { reason } }),
      done: text.rollback_refused,
      changes: CHANGES,
    });
  };
  return (
    <Flex gap={4}>
      <Tooltip title={own ? text.own_proposal : undefined}>
        <Button size="small" type="primary" disabled={own} onClick={approve}>
          {text.approve}
        </Button>
      </Tooltip>
      <Button size="small" onClick={() => void refuse()}>
        {text.refuse}
      </Button>
    </Flex>
  );
}
