import { Flex, type TableProps, Tag } from "antd";
import { Link } from "react-router";
import { useNamed } from "../../../i18n/language";
import { Nothing } from "../../../kit/Loaded";
import { PlainTable } from "../definition/PlainTable";
import { useShortName } from "../reads";
import type { Indicator, Uses } from "./choosing";
import { useIndicatorText } from "./indicatorText";
import { useIndicatorWord } from "./words";

/** Indicators with what they are, what they rest on, and who uses them. */
export function IndicatorTable({ rows, uses }: { rows: Indicator[]; uses: Uses }) {
  const text = useIndicatorText();
  return (
    <section aria-label={text.catalogue}>
      <PlainTable<Indicator>
        label={text.catalogue}
        columns={useColumns(rows, uses)}
        dataSource={rows}
        rowKey="code"
        pagination={{ defaultPageSize: 50, showSizeChanger: false, hideOnSinglePage: true }}
        locale={{ emptyText: <Nothing /> }}
      />
    </section>
  );
}

function useColumns(rows: Indicator[], uses: Uses): TableProps<Indicator>["columns"] {
  const text = useIndicatorText();
  const named = useNamed();
  const word = useIndicatorWord(rows);
  return [
    {
      title: text.indicator,
      width: 230,
      render: (_, row) => (
        <>
          <div>{named(row)}</div>
          <small className="quiet">{row.code}</small>
        </>
      ),
    },
    {
      title: text.dimension,
      className: "models-tight",
      render: (_, row) => word("dimension", row.dimension),
    },
    { title: text.group, className: "models-tight", render: (_, row) => word("group", row.group) },
    { title: text.nature, className: "models-tight", render: (_, row) => word("nature", row.nature) },
    { title: text.unit, className: "models-tight", render: (_, row) => word("unit", row.unit) },
    { title: text.meaning, className: "models-tight", render: (_, row) => word("effect", row.effect) },
    { title: text.missing, className: "models-tight", render: (_, row) => word("missing", row.missing) },
    {
      title: text.ground,
      width: 220,
      render: (_, row) => (
        <>
          <small className="quiet">{row.ground}</small> <Tag>{word("confidence", row.confidence)}</Tag>
        </>
      ),
    },
    { title: text.used_by, width: 200, render: (_, row) => <UsedBy ids={uses.get(row.code)} /> },
  ];
}

function UsedBy({ ids }: { ids: string[] | undefined }) {
  const text = useIndicatorText();
  const shortName = useShortName();
  if (!ids) return <span className="quiet">{text.unused}</span>;
  return (
    <Flex wrap gap="0 10px">
      {ids.map((id) => (
        <Link key={id} to={`/models/${id}`}>
          {shortName(id)}
        </Link>
      ))}
    </Flex>
  );
}
