import { Button, Flex, type TableProps } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useFormats } from "../../i18n/format";
import { ClassTag } from "../../kit/ClassTag";
import { CursorTable } from "../../kit/CursorTable";
import { Cause } from "./Cause";
import { useClassText } from "./classText";
import { Part } from "./Part";
import { type Decision, decisionsKey, readDecisions } from "./reads";

/** All decisions, newest first; two of them can be compared. */
export function Decisions({ uscc }: { uscc: string }) {
  const text = useClassText();
  const [chosen, setChosen] = useState<number[]>([]);
  const columns = useColumns(uscc);
  const [one = 0, other = 0] = [...chosen].sort((a, b) => a - b);
  return (
    <Part title={text.decisions} extra={<span className="quiet no-print">{text.decisions_hint}</span>}>
      <CursorTable<Decision>
        label={text.decisions}
        listKey={decisionsKey(uscc)}
        read={(cursor) => readDecisions(uscc, cursor)}
        rowKey="number"
        columns={columns}
        rowSelection={{
          hideSelectAll: true,
          selectedRowKeys: chosen,
          onChange: (keys) => setChosen((keys as number[]).slice(-2)),
          getTitleCheckboxProps: () => ({ "aria-label": text.compare }),
          getCheckboxProps: ({ number }) => ({ "aria-label": `${text.number} ${number}` }),
        }}
      />
      {chosen.length === 2 && (
        <Flex justify="end" className="no-print">
          <Link to={`/entities/${uscc}/compare?from=${one}&to=${other}`}>
            <Button type="primary">{text.compare}</Button>
          </Link>
        </Flex>
      )}
    </Part>
  );
}

function useColumns(uscc: string): TableProps<Decision>["columns"] {
  const text = useClassText();
  const format = useFormats();
  return [
    { title: text.number, dataIndex: "number", align: "right", width: 48 },
    { title: text.decided_at, render: (_, row) => format.moment(row.decided_at) },
    {
      title: text.decided_as,
      render: (_, row) => (
        <>
          {row.previous_class && row.previous_class !== row.risk_class && (
            <>
              <ClassTag value={row.previous_class} /> →{" "}
            </>
          )}
          <ClassTag value={row.risk_class} />
        </>
      ),
    },
    { title: text.score, align: "right", render: (_, row) => format.points(row.score) },
    { title: text.cause, render: (_, row) => <Cause cause={row.cause} uscc={uscc} /> },
    {
      key: "compare",
      render: (_, row) =>
        row.number > 1 && (
          <Link to={`/entities/${uscc}/compare?from=${row.number - 1}&to=${row.number}`}>
            {text.compare_previous}
          </Link>
        ),
    },
  ];
}
