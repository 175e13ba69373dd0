import { Card, Descriptions, Flex, Tag, Typography } from "antd";
import { useModelName } from "../../api/models";
import { useNames } from "../../api/vocabulary";
import { useFormats } from "../../i18n/format";
import { useStatuses, useWords, wordFor } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { Loaded } from "../../kit/Loaded";
import { type ClassRow, type Profile, useClassRow } from "./reads";
import { useText } from "./text";

/** Who the entity is, and its class as it stands. */
export function Header({ entity }: { entity: Profile }) {
  const row = useClassRow(entity.uscc);
  return (
    <Card className="entity-head">
      <Flex gap={20} wrap="wrap" justify="space-between">
        <Identity entity={entity} />
        <div className="entity-class">
          <Loaded reading={row} lines={3}>
            {(found) => (found ? <ClassNow row={found} /> : <NoClass />)}
          </Loaded>
        </div>
      </Flex>
    </Card>
  );
}

function useParticulars(entity: Profile) {
  const text = useText();
  const words = useWords();
  const statuses = useStatuses();
  const format = useFormats();
  const [areas, sections, types, sectors] = [
    useNames("areas"),
    useNames("sections"),
    useNames("entity_types"),
    useNames("sectors"),
  ];
  const industry = entity.industry || entity.inferred_industry;
  const inferred = !entity.industry && entity.inferred_industry ? `（${text.industry_inferred}）` : "";
  const code = (
    <Typography.Text className="entity-code" copyable={{ tooltips: [text.copy, text.copied] }}>
      {entity.uscc}
    </Typography.Text>
  );
  return [
    [text.code, code],
    [text.entity_type, types(entity.entity_type)],
    [words.state, wordFor(statuses, entity.status)],
    [words.area, areas(entity.area_code)],
    [words.industry, `${industry} ${sections(industry.slice(0, 1))}${inferred}`],
    [text.capital, format.money(entity.capital_fen)],
    [text.established, format.day(entity.established_on)],
    [text.legal_person, entity.legal_person_ref || "—"],
    [text.platforms, format.list(entity.platforms)],
    [text.sectors, format.list(entity.sectors.map(sectors))],
    [text.facts, `${text.facts_count(format.count(entity.facts))} · ${format.moment(entity.recorded_at)}`],
    [text.address, entity.address || "—"],
  ] as const;
}

function Identity({ entity }: { entity: Profile }) {
  const items = useParticulars(entity).map(([label, children]) => ({ key: label, label, children }));
  return (
    <Descriptions
      className="entity-identity"
      size="small"
      column={{ xs: 1, sm: 2, lg: 3 }}
      items={items}
      styles={{ label: { color: "var(--quiet)" } }}
    />
  );
}

function ClassNow({ row }: { row: ClassRow }) {
  const text = useText();
  const modelName = useModelName();
  const format = useFormats();
  return (
    <>
      <Flex gap={12} align="center">
        <ClassTag value={row.risk_class} large />
        <div>
          <div className="entity-class-name">{wordFor(text, `class_${row.risk_class}`)}</div>
          <div className="quiet">
            {text.score} <b className="entity-score">{format.points(row.score)}</b>
          </div>
        </div>
      </Flex>
      <div className="quiet entity-class-day">
        {text.business_day} {format.day(row.business_day)} · {text.model} {modelName(row.model)}
      </div>
      <Flex gap={4} wrap="wrap">
        {row.flags.map((flag) => (
          <Tag key={flag} color={flag === "key_supervision" ? "error" : "processing"}>
            {wordFor(text, `flag_${flag}`)}
          </Tag>
        ))}
      </Flex>
    </>
  );
}

function NoClass() {
  const text = useText();
  return (
    <>
      <b>{text.no_class}</b>
      <div className="quiet">{text.no_class_hint}</div>
    </>
  );
}
