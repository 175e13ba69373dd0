import { Select } from "antd";
import { classification } from "../../../api/client";
import { useEntityNames } from "../../../api/entityNames";
import type { components } from "../../../api/generated/classification";
import { useNames } from "../../../api/vocabulary";
import { useFormats } from "../../../i18n/format";
import { useWords } from "../../../i18n/words";
import { ClassTag } from "../../../kit/ClassTag";
import { CursorTable, useCursorList } from "../../../kit/CursorTable";
import { EntityLink } from "../../../kit/EntityLink";
import { useUrlState } from "../../../kit/useUrlState";
import { Section } from "../definition/WholeModel";
import type { Answer } from "./useWhatIf";
import { moversBy } from "./whatIfCharts";
import { useWhatIfText } from "./whatIfText";

type Row = components["schemas"]["Mover"];

/** Who would move, by area and section. */
export function MoverList({ answer }: { answer: Answer }) {
  const text = useWhatIfText();
  const words = useWords();
  const format = useFormats();
  const areaName = useNames("areas");
  const sectionName = useNames("sections");
  const [{ area, section }] = useUrlState();
  const path = { what_if_id: answer.id };
  const listKey = ["get", "/v1/models/what-if/{what_if_id}/moves", answer.id, area, section];
  const read = (cursor: string | undefined) =>
    classification.call.GET("/v1/models/what-if/{what_if_id}/moves", {
      params: { path, query: { area, section, cursor, limit: 30 } },
    });
  const listed = useCursorList<Row>(listKey, read);
  const names = useEntityNames(
    listed.data?.pages.flatMap(({ items }) => items.map(({ uscc }) => uscc)) ?? [],
  );
  return (
    <Section title={text.list_movers}>
      <Filters answer={answer} />
      <CursorTable<Row>
        label={text.list_movers}
        listKey={listKey}
        read={read}
        rowKey="uscc"
        emptyHint={text.movers_empty}
        columns={[
          {
            title: words.entity,
            render: (_, row) => <EntityLink uscc={row.uscc} name={names.get(row.uscc)} />,
          },
          { title: words.uscc, dataIndex: "uscc" },
          { title: words.area, render: (_, row) => areaName(row.area_code) },
          { title: words.industry, render: (_, row) => sectionName(row.industry.slice(0, 1)) },
          { title: text.before, render: (_, row) => <ClassTag value={row.before} /> },
          { title: text.after, render: (_, row) => <ClassTag value={row.after} /> },
          { title: text.score_before, align: "right", render: (_, row) => format.points(row.score_before) },
          { title: text.score_after, align: "right", render: (_, row) => format.points(row.score_after) },
        ]}
      />
    </Section>
  );
}

function Filters({ answer }: { answer: Answer }) {
  const text = useWhatIfText();
  const format = useFormats();
  const areaName = useNames("areas");
  const sectionName = useNames("sections");
  const [{ area, section }, change] = useUrlState();
  const options = (groups: Answer["by_area"], name: (code: string) => string) =>
    moversBy(groups).map(({ code, movers }) => ({
      value: code,
      label: `${name(code)} (${format.count(movers)})`,
    }));
  return (
    <div className="models-filters no-print">
      <Select
        allowClear
        aria-label={text.pick_area}
        placeholder={text.pick_area}
        value={area}
        options={options(answer.by_area, areaName)}
        onChange={(value?: string) => change({ area: value })}
      />
      <Select
        allowClear
        aria-label={text.pick_section}
        placeholder={text.pick_section}
        value={section}
        popupMatchSelectWidth={false}
        options={options(answer.by_section, sectionName)}
        onChange={(value?: string) => change({ section: value })}
      />
    </div>
  );
}
