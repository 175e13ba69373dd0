import type { TableProps } from "antd";
import { Link } from "react-router";
import { sampling } from "../../api/client";
import type { components } from "../../api/generated/sampling";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { CursorTable } from "../../kit/CursorTable";
import { useFactWords, useItemName } from "../../kit/useFactWords";
import { Part } from "./Part";
import { useSupervisionText } from "./supervisionText";

type Task = components["schemas"]["TaskOut"];

/** Visits for which the entity was drawn, and what they found. */
export function Inspections({ uscc }: { uscc: string }) {
  const text = useSupervisionText();
  const columns = useColumns();
  return (
    <Part title={text.inspections}>
      <CursorTable<Task>
        label={text.inspections}
        listKey={["tasks", "of", uscc]}
        read={(cursor) => sampling.call.GET("/v1/tasks", { params: { query: { uscc, limit: 20, cursor } } })}
        rowKey="task_id"
        columns={columns}
        emptyHint={text.inspections_none}
      />
    </Part>
  );
}

function useColumns(): TableProps<Task>["columns"] {
  const text = useSupervisionText();
  const format = useFormats();
  const itemName = useItemName();
  const words = useFactWords();
  return [
    {
      title: text.task,
      render: (_, row) => <Link to={`/inspections/${encodeURIComponent(row.task_id)}`}>{row.draw_id}</Link>,
    },
    { title: text.items, render: (_, row) => format.list(row.items.map(itemName)) },
    { title: text.why_drawn, render: (_, row) => <WhyDrawn task={row} /> },
    { title: text.drawn, render: (_, row) => format.day(row.drawn_on) },
    { title: text.due, render: (_, row) => format.day(row.due_on) },
    { title: text.inspectors, render: (_, row) => format.list(row.inspectors) },
    { title: text.state, render: (_, row) => wordFor(text, `task_${row.state}`) },
    { title: text.result, render: (_, row) => format.list(row.result_codes?.map(words.value) ?? []) },
  ];
}

function WhyDrawn({ task }: { task: Task }) {
  const text = useSupervisionText();
  const [kind = "", letter] = task.stratum.split(":");
  if (kind === "class" && letter) return <>{text.stratum_class(letter)}</>;
  return (
    <>
      {wordFor(text, `stratum_${kind}`)} {task.class_at_draw && <ClassTag value={task.class_at_draw} />}
    </>
  );
}
