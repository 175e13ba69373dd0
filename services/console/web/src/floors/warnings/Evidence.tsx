import { Table, type TableProps, Tag } from "antd";
import { useFormats } from "../../i18n/format";
import { useFactWords } from "../../kit/useFactWords";
import type { SignalFile } from "./model";
import { useText } from "./text";

type Fact = SignalFile["facts"][number];

/** The facts that a signal rests on, with what each says; the newest first. */
export function Evidence({ facts }: { facts: readonly Fact[] }) {
  const text = useText();
  const columns = useColumns();
  if (facts.length === 0) return <p className="quiet">{text.no_facts}</p>;
  const newest = [...facts].sort((one, other) => other.occurred_at.localeCompare(one.occurred_at));
  return (
    <Table<Fact>
      size="small"
      columns={columns}
      dataSource={newest}
      rowKey="number"
      pagination={newest.length > 20 ? { pageSize: 20, size: "small" } : false}
      scroll={{ x: "max-content" }}
    />
  );
}

function useColumns(): NonNullable<TableProps<Fact>["columns"]> {
  const text = useText();
  const words = useFactWords();
  const { moment } = useFormats();
  return [
    { key: "at", title: text.occurred, className: "nowrap", render: (_, fact) => moment(fact.occurred_at) },
    {
      key: "type",
      title: text.fact_kind,
      render: (_, fact) => (
        <>
          {words.type(fact.type)} {!fact.counts && <Tag>{text.not_counting}</Tag>}
        </>
      ),
    },
    {
      key: "says",
      title: text.fact_says,
      render: (_, fact) => (
        <div className="says">
          {words.says(fact.particulars, fact.type).map(([what, value]) => (
            <span key={what}>
              <span className="quiet">{what}</span> {value}
            </span>
          ))}
        </div>
      ),
    },
    {
      key: "source",
      title: text.source,
      render: (_, fact) => (
        <div className="two-lines">
          <span>{fact.source}</span>
          <span className="quiet">{fact.fact_id}</span>
        </div>
      ),
    },
  ];
}
