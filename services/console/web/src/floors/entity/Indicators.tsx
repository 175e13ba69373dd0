import { Checkbox, Flex, type TableProps, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { wordFor } from "../../i18n/words";
import { DataTable } from "../../kit/DataTable";
import { useClassText } from "./classText";
import { isRelevant, type Line, ordered, treatmentWord } from "./indicatorTable";
import { Part } from "./Part";
import { type Explained, useCatalogue } from "./reads";
import { useValueText } from "./useValueText";

interface Props {
  lines: Line[];
  dimensions: Explained["parts"]["dimensions"];
  uscc: string;
}

/** Each indicator with its value, its points and the sentence that explains them. */
export function Indicators({ lines, dimensions, uscc }: Props) {
  const text = useClassText();
  const format = useFormats();
  const [relevant, setRelevant] = useState(true);
  const columns = useColumns(dimensions, uscc);
  const shown = ordered(relevant ? lines.filter(isRelevant) : lines, dimensions);
  return (
    <Part
      title={text.items}
      extra={
        <Flex gap={12} className="no-print">
          <span className="quiet">
            {text.items_shown(format.count(shown.length), format.count(lines.length))}
          </span>
          <Checkbox checked={relevant} onChange={({ target }) => setRelevant(target.checked)}>
            {text.items_relevant}
          </Checkbox>
        </Flex>
      }
    >
      <DataTable<Line> rowKey="code" columns={columns} dataSource={shown} scroll={{ x: 640 }} />
    </Part>
  );
}

function useColumns(dimensions: Props["dimensions"], uscc: string): TableProps<Line>["columns"] {
  const text = useClassText();
  const named = useNamed();
  const { points } = useFormats();
  const valueText = useValueText();
  const dimensionOf = new Map(dimensions.map((each) => [each.code, named(each)]));
  return [
    {
      title: text.indicator,
      width: 210,
      render: (_, line) => (
        <>
          {named(line)}
          <div className="quiet entity-source">{dimensionOf.get(line.dimension)}</div>
        </>
      ),
    },
    { title: text.value, align: "right", width: 90, render: (_, line) => valueText(line.value, line.unit) },
    { title: text.points, align: "right", width: 64, render: (_, line) => <b>{points(line.points)}</b> },
    {
      title: text.says,
      render: (_, line) => (
        <>
          {named({ zh: line.sentence, en: line.sentence_en })} <Treated treatment={line.treatment} />
        </>
      ),
    },
    { title: text.evidence, width: 72, render: (_, line) => <Evidence line={line} uscc={uscc} /> },
  ];
}

function Treated({ treatment }: { treatment: string }) {
  const text = useClassText();
  if (treatment === "counted") return null;
  return <Tag>{wordFor(text, treatmentWord(treatment))}</Tag>;
}

/** The way to the facts that an indicator looks at; none where it looks at particulars or relations. */
function Evidence({ line, uscc }: { line: Line; uscc: string }) {
  const text = useClassText();
  const named = useNamed();
  const types = useCatalogue().get(line.code)?.facts ?? [];
  if (types.length === 0) return <span className="quiet">—</span>;
  return (
    <Link
      to={`/entities/${uscc}?tab=timeline&types=${types.join(",")}`}
      aria-label={text.evidence_of(named(line))}
    >
      {text.evidence}
    </Link>
  );
}
