import { Button, type TableProps } from "antd";
import { Link } from "react-router";
import { useModelName } from "../../../api/models";
import { useMay } from "../../../app/session";
import { useFormats } from "../../../i18n/format";
import { useWords, wordFor } from "../../../i18n/words";
import { Mark } from "../definition/Mark";
import { PlainTable } from "../definition/PlainTable";
import { useText } from "../text";
import type { Stood } from "./standing";

const TONES = { in_force: "good", coming: "waits", past: "plain", never: "plain" } as const;

/** Versions of all models, those of one code together. */
export function VersionTable({ rows }: { rows: Stood[] }) {
  const text = useText();
  return (
    <section aria-label={text.versions}>
      <PlainTable<Stood>
        label={text.versions}
        columns={useColumns()}
        dataSource={rows}
        rowKey={({ model }) => model.id}
      />
    </section>
  );
}

/** Who drafted it, or wrote it where it was shipped, and who approved it. */
function by({ model, live }: Stood): string {
  return [model.drafted_by || model.author, live?.approved_by].filter(Boolean).join(" / ");
}

function useColumns(): TableProps<Stood>["columns"] {
  const text = useText();
  const words = useWords();
  const format = useFormats();
  const modelName = useModelName();
  const mayDraft = useMay("model_manager");
  const columns: NonNullable<TableProps<Stood>["columns"]> = [
    {
      title: text.model,
      render: (_, { model }) => <Link to={`/models/${model.id}`}>{modelName(model.id)}</Link>,
    },
    { title: text.kind, render: (_, { model }) => wordFor(text, model.kind) },
    {
      title: text.standing,
      render: (_, { standing }) => <Mark tone={TONES[standing]}>{text[standing]}</Mark>,
    },
    { title: text.since, render: (_, { live }) => format.day(live?.from_day) },
    { title: text.how, render: (_, { live }) => wordFor(text, live?.how) },
    {
      title: text.cuts,
      align: "right",
      render: (_, { model }) => model.cuts.map((each) => format.points(each)).join(" / ") || "—",
    },
    { title: text.indicators, align: "right", render: (_, { model }) => format.count(model.indicators) },
    { title: text.drafted_approved, render: (_, row) => by(row) },
  ];
  if (!mayDraft) return columns;
  const begin = (id: string) => (
    <Link to={`/models/drafts?from=${id}`}>
      <Button type="link" size="small" tabIndex={-1}>
        {text.begin_draft}
      </Button>
    </Link>
  );
  return [
    ...columns,
    { title: words.actions, className: "no-print", render: (_, { model }) => begin(model.id) },
  ];
}
