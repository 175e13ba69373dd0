import type { TableProps } from "antd";
import { notification } from "../../api/client";
import type { components } from "../../api/generated/notification";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { Part } from "./Part";
import { useSupervisionText } from "./supervisionText";
import { useFamilyName } from "./useFamilyName";

type Clue = components["schemas"]["ClueOut"];

/** Clues that platforms were given about the entity, and what they answered; never a class. */
export function Clues({ uscc }: { uscc: string }) {
  const text = useSupervisionText();
  const columns = useColumns();
  return (
    <Part title={text.clues}>
      <CursorTable<Clue>
        label={text.clues}
        listKey={["clues", "of", uscc]}
        read={(cursor) =>
          notification.call.GET("/v1/clue-register", { params: { query: { uscc, limit: 20, cursor } } })
        }
        rowKey="clue_id"
        columns={columns}
        emptyHint={text.clues_none}
      />
    </Part>
  );
}

function useColumns(): TableProps<Clue>["columns"] {
  const text = useSupervisionText();
  const format = useFormats();
  const family = useFamilyName();
  return [
    { title: text.platform, dataIndex: "platform" },
    { title: text.clue_about, render: (_, row) => family(row.kind) },
    { title: text.severity, render: (_, row) => wordFor(text, `severity_${row.severity}`) },
    { title: text.raised, render: (_, row) => format.day(row.raised_on) },
    { title: text.due, render: (_, row) => format.day(row.due_on) },
    { title: text.state, render: (_, row) => wordFor(text, `clue_${row.state}`) },
    { title: text.answered, render: (_, row) => [row.action, row.remark].filter(Boolean).join(" · ") || "—" },
    { title: text.basis, render: (_, row) => <span className="entity-source">{row.legal_basis}</span> },
  ];
}
