import { Button, type TableProps } from "antd";
import { useState } from "react";
import { classification } from "../../api/client";
import type { components } from "../../api/generated/classification";
import { useMay } from "../../app/session";
import { ProposeDialog } from "../../dialogs/ProposeDialog";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { wordFor } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { CursorTable } from "../../kit/CursorTable";
import { Part } from "./Part";
import { usePeopleText } from "./peopleText";
import { useCatalogue, useClassRow } from "./reads";

type Intervention = components["schemas"]["InterventionRow"];

/** Classes that people set and items that rest; who may proposes one here, who decides does so on its own page. */
export function Interventions({ uscc }: { uscc: string }) {
  const text = usePeopleText();
  const [proposing, setProposing] = useState(false);
  const judged = Boolean(useClassRow(uscc).data);
  const may = useMay("city_administrator", "area_officer") && judged;
  return (
    <Part
      title={text.interventions}
      extra={
        may && (
          <Button className="no-print" onClick={() => setProposing(true)}>
            {text.propose}
          </Button>
        )
      }
    >
      <CursorTable<Intervention>
        label={text.interventions}
        listKey={["interventions", "of", uscc]}
        read={(cursor) =>
          classification.call.GET("/v1/interventions", { params: { query: { uscc, limit: 20, cursor } } })
        }
        rowKey="id"
        columns={useColumns()}
        emptyHint={text.interventions_none}
      />
      <ProposeDialog open={proposing} uscc={uscc} onClose={() => setProposing(false)} />
    </Part>
  );
}

function useColumns(): TableProps<Intervention>["columns"] {
  const text = usePeopleText();
  const format = useFormats();
  return [
    { title: text.kind, render: (_, row) => wordFor(text, `kind_${row.kind}`) },
    { title: text.to, render: (_, row) => <What row={row} /> },
    { title: text.state, render: (_, row) => wordFor(text, `state_${row.state}`) },
    {
      title: text.reason,
      render: (_, row) => (
        <div className="entity-reason">
          {row.reason}
          {(row.refuse_reason || row.end_reason) && (
            <div className="quiet entity-source">{row.refuse_reason || row.end_reason}</div>
          )}
        </div>
      ),
    },
    { title: text.expires, render: (_, row) => format.day(row.expires_on) },
    { title: text.by, render: (_, row) => `${row.proposed_by} · ${format.moment(row.proposed_at)}` },
    {
      title: text.decided_by,
      render: (_, row) => (row.decided_by ? `${row.decided_by} · ${format.moment(row.decided_at)}` : "—"),
    },
  ];
}

function What({ row }: { row: Intervention }) {
  const named = useNamed();
  const catalogue = useCatalogue();
  if (row.kind === "manual") return <ClassTag value={row.risk_class} />;
  const item = catalogue.get(row.indicator);
  return <>{item ? named(item) : row.indicator}</>;
}
