import { Alert, Flex, Select, type TableProps, Tag } from "antd";
import { Link } from "react-router";
import { classification, ingestion, notification, profiling, repair, sampling } from "../../api/client";
import { useSeesCity } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { DataTable } from "../../kit/DataTable";
import { Failure } from "../../kit/Failure";
import { useFactWords } from "../../kit/useFactWords";
import { useUrlState } from "../../kit/useUrlState";
import { Cause } from "./Cause";
import { Part } from "./Part";
import { useRelationText } from "./relationText";
import { about, merged, placeOf, STAGES, type Stage, type Told } from "./trail";
import { useFamilyName } from "./useFamilyName";
import { useTrailWords } from "./useTrailWords";

/** What every stage wrote down about the entity, in one line of time. */
export function Trail({ uscc }: { uscc: string }) {
  const text = useRelationText();
  const { count } = useFormats();
  const city = useSeesCity();
  const [{ stages = "", print }, change] = useUrlState();
  const wanted = stages.split(",").filter(Boolean);
  const { entries, failures, pending } = useTrails(uscc);
  const shown = entries.filter(({ stage }) => wanted.length === 0 || wanted.includes(stage));
  return (
    <Part title={text.trail} extra={<span className="quiet">{text.entries(count(shown.length))}</span>}>
      <p className="quiet">{text.trail_lead}</p>
      {!city && <Alert type="info" showIcon title={text.no_ingestion} />}
      <Select
        mode="multiple"
        allowClear
        className="entity-types no-print"
        aria-label={text.stages}
        placeholder={text.stages_any}
        value={wanted}
        onChange={(stages) => change({ stages: stages.join(",") })}
        options={STAGES.map((stage) => ({ value: stage, label: text[stage] }))}
      />
      <Flex vertical gap={8}>
        {failures.map(({ stage, error, retry }) => (
          <Failure key={stage} error={error} onRetry={retry} />
        ))}
      </Flex>
      <DataTable<Told>
        rowKey="key"
        loading={pending}
        columns={useColumns(uscc)}
        dataSource={shown}
        pagination={print ? false : { pageSize: 100, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 640 }}
      />
    </Part>
  );
}

/** The six trails; collection's is not asked for by who sees one area only: it knows of no areas. */
function useTrails(uscc: string) {
  const city = useSeesCity();
  const ask = { params: { path: { uscc } } };
  const readings = {
    ingestion: ingestion.useQuery("get", "/v1/trail/{uscc}", ask, { enabled: city }),
    profiling: profiling.useQuery("get", "/v1/trail/{uscc}", ask),
    classification: classification.useQuery("get", "/v1/trail/{uscc}", ask),
    sampling: sampling.useQuery("get", "/v1/trail/{uscc}", ask),
    repair: repair.useQuery("get", "/v1/trail/{uscc}", ask),
    notification: notification.useQuery("get", "/v1/trail/{uscc}", ask),
  };
  const each = Object.entries(readings) as [Stage, (typeof readings)[Stage]][];
  return {
    entries: merged(Object.fromEntries(each.map(([stage, { data }]) => [stage, data ?? []]))),
    failures: each
      .filter(([, { error }]) => error !== null)
      .map(([stage, { error, refetch }]) => ({ stage, error, retry: () => void refetch() })),
    pending: each.some(([, { isLoading }]) => isLoading),
  };
}

function useColumns(uscc: string): TableProps<Told>["columns"] {
  const text = useRelationText();
  const { seconds } = useFormats();
  return [
    { title: text.at, width: 160, render: (_, row) => seconds(row.at) },
    { title: text.stage, width: 110, render: (_, row) => <Tag>{text[row.stage]}</Tag> },
    { title: text.event, width: 220, render: (_, row) => <Event row={row} place={placeOf(row, uscc)} /> },
    { title: text.detail, render: (_, row) => <Particulars row={row} uscc={uscc} /> },
  ];
}

function Event({ row, place }: { row: Told; place: string | undefined }) {
  const text = useRelationText();
  const words = useFactWords();
  const family = useFamilyName();
  const told = { fact: words.type, value: words.value, family };
  const name = wordFor(text, row.kind === "task" ? "task_made" : row.kind);
  const judged = row.kind === "decision" || row.kind === "pool_class";
  return (
    <>
      {place ? <Link to={place}>{name}</Link> : name}{" "}
      {judged ? <ClassTag value={row.what} /> : <b>{about(row, told)}</b>}
    </>
  );
}

/** What waits in quarantine, or was discarded there, is in no timeline. */
const UNRECORDED = new Set(["quarantine_open", "quarantine_discarded"]);

function Particulars({ row, uscc }: { row: Told; uscc: string }) {
  const words = useTrailWords();
  return (
    <span className="entity-says">
      {Object.entries(row.says).flatMap(([code, value]) =>
        words.says({ [code]: value }).map(([what, told]) => (
          <span key={code}>
            <span className="quiet">{what}</span>{" "}
            <Value code={code} told={told} place={UNRECORDED.has(row.kind) ? undefined : uscc} />
          </span>
        )),
      )}
    </span>
  );
}

/** What a field says: a fact and a cause with the entity in whose timeline they are, ids as ids. */
function Value({ code, told, place }: { code: string; told: string; place: string | undefined }) {
  if (place && (code === "cause" || code === "fact_id"))
    return <Cause cause={told === "calendar" ? "" : told} uscc={place} />;
  return code.endsWith("_id") ? <span className="entity-cause">{told}</span> : told;
}
