import { Button, type TableProps } from "antd";
import { useState } from "react";
import { classification } from "../../api/client";
import type { components } from "../../api/generated/classification";
import { useIndicatorName } from "../../api/indicators";
import { useMay } from "../../app/session";
import { ObjectDialog } from "../../dialogs/ObjectDialog";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { Part } from "./Part";
import { usePeopleText } from "./peopleText";
import { useClassRow } from "./reads";

type Objection = components["schemas"]["ObjectionRow"];

/** What the entity objects to, by when it is decided, and how it was. */
export function Objections({ uscc }: { uscc: string }) {
  const text = usePeopleText();
  const [filing, setFiling] = useState(false);
  const judged = Boolean(useClassRow(uscc).data);
  const may = useMay("city_administrator", "area_officer", "repair_officer") && judged;
  return (
    <Part
      title={text.objections}
      extra={
        may && (
          <Button className="no-print" onClick={() => setFiling(true)}>
            {text.object}
          </Button>
        )
      }
    >
      <CursorTable<Objection>
        label={text.objections}
        listKey={["objections", "of", uscc]}
        read={(cursor) =>
          classification.call.GET("/v1/objections", { params: { query: { uscc, limit: 20, cursor } } })
        }
        rowKey="number"
        columns={useColumns()}
        emptyHint={text.objections_none}
      />
      <ObjectDialog open={filing} uscc={uscc} onClose={() => setFiling(false)} />
    </Part>
  );
}

function useColumns(): TableProps<Objection>["columns"] {
  const text = usePeopleText();
  const format = useFormats();
  const itemName = useIndicatorName();
  return [
    { title: text.record, render: (_, row) => <span className="entity-cause">{row.record || "—"}</span> },
    { title: text.items, render: (_, row) => format.list(row.indicators.map(itemName)) },
    { title: text.ground, render: (_, row) => <div className="entity-reason">{row.ground}</div> },
    { title: text.filed, render: (_, row) => format.day(row.filed_on) },
    { title: text.due, render: (_, row) => format.day(row.due_on) },
    {
      title: text.state,
      render: (_, row) => (
        <>
          {wordFor(text, `objection_${row.state}`)}
          <div className="quiet entity-source">{row.reason}</div>
        </>
      ),
    },
  ];
}
