import type { components } from "../../../api/generated/classification";
import { useLanguage } from "../../../i18n/language";
import { useCatalogue } from "../reads";
import { useText } from "../text";
import { PlainTable } from "./PlainTable";
import { placeText } from "./places";

type Difference = components["schemas"]["DifferenceRow"];

/** What one document says otherwise than another, place by place. */
export function Differences({ rows }: { rows: Difference[] }) {
  const text = useText();
  const catalogue = useCatalogue();
  const { language } = useLanguage();
  if (rows.length === 0) return <p className="quiet">{text.no_differences}</p>;
  return (
    <PlainTable<Difference>
      label={text.differences}
      dataSource={rows}
      rowKey="place"
      pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
      columns={[
        {
          title: text.place,
          render: (_, { place }) => <span title={place}>{placeText(place, catalogue, language)}</span>,
        },
        { title: text.was, render: (_, { was }) => <Said value={was} mark="del" /> },
        { title: text.is, render: (_, row) => <Said value={row.is} mark="ins" /> },
      ]}
    />
  );
}

function Said({ value, mark: Mark }: { value: string | null; mark: "del" | "ins" }) {
  if (value === null) return <span className="quiet">—</span>;
  return <Mark className={`models-${Mark}`}>{unquoted(value)}</Mark>;
}

/** A text without the quotes of its JSON. */
function unquoted(value: string): string {
  return value.startsWith('"') ? String(JSON.parse(value)) : value;
}
