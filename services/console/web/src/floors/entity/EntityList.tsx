import type { TableProps } from "antd";
import { classification, profiling } from "../../api/client";
import type { components } from "../../api/generated/profiling";
import { useNames } from "../../api/vocabulary";
import { useFormats } from "../../i18n/format";
import { useStatuses, useWords, wordFor } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { type CursorPage, CursorTable } from "../../kit/CursorTable";
import { EntityLink } from "../../kit/EntityLink";
import type { ClassRow } from "./reads";
import { useSearchText } from "./searchText";

interface Asked {
  area?: string;
  riskClass?: string;
  status?: string;
}

type Row = ClassRow & { name: string; address: string };
type Named = components["schemas"]["EntityName"];

/** The entities of an area, a class or a state, by code. */
export function EntityList(asked: Asked) {
  const text = useSearchText();
  return (
    <CursorTable<Row>
      label={text.list}
      listKey={["entities", asked]}
      read={(cursor) => read(asked, cursor)}
      rowKey="uscc"
      columns={useColumns()}
      emptyHint={text.list_hint}
    />
  );
}

type Letter = "A" | "B" | "C" | "D";

/** One page of classes with the names that profiling has for them. */
async function read(
  { area, riskClass, status }: Asked,
  cursor: string | undefined,
): Promise<{ data?: CursorPage<Row>; error?: unknown }> {
  const query = { area, risk_class: riskClass as Letter | undefined, status, limit: 50, cursor };
  const { data: page, error } = await classification.call.GET("/v1/classes", { params: { query } });
  if (page === undefined || page.items.length === 0) return { data: page && { ...page, items: [] }, error };
  const names = await profiling.call.POST("/v1/entities/lookup", {
    body: { usccs: page.items.map(({ uscc }) => uscc) },
  });
  if (names.data === undefined) return { error: names.error };
  return { data: { ...page, items: withNames(page.items, names.data) } };
}

function withNames(rows: ClassRow[], names: Named[]): Row[] {
  const known = new Map(names.map((each) => [each.uscc, each]));
  return rows.map((row) => {
    const { name = "", address = "" } = known.get(row.uscc) ?? {};
    return { ...row, name, address };
  });
}

function useColumns(): TableProps<Row>["columns"] {
  const text = useSearchText();
  const words = useWords();
  const statuses = useStatuses();
  const { points } = useFormats();
  const [areas, sections] = [useNames("areas"), useNames("sections")];
  return [
    { title: words.class, width: 116, render: (_, row) => <ClassTag value={row.risk_class} /> },
    {
      title: words.name,
      render: (_, row) => (
        <>
          <EntityLink uscc={row.uscc} name={row.name} />
          <div className="quiet entity-source">{row.address}</div>
        </>
      ),
    },
    { title: words.uscc, render: (_, row) => <span className="entity-cause">{row.uscc}</span> },
    { title: text.score, align: "right", render: (_, row) => points(row.score) },
    { title: words.area, render: (_, row) => areas(row.area_code) },
    {
      title: words.industry,
      render: (_, row) => `${row.industry} ${sections(row.industry.slice(0, 1))}`,
    },
    { title: text.status, render: (_, row) => wordFor(statuses, row.status) },
  ];
}
