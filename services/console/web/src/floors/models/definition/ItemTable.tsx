import { type TableProps, Typography } from "antd";
import { useFormats } from "../../../i18n/format";
import { useLanguage, useNamed } from "../../../i18n/language";
import { useText } from "../text";
import { extremesOf, type Item, knotsOf, type Part, stepsOf } from "./definition";
import { PlainTable } from "./PlainTable";
import { Shape } from "./Shape";
import { type Catalogue, stepText, valueText } from "./wording";

/** The items of one dimension, each with its values, points and shape. */
export function ItemTable({ part, catalogue }: { part: Part; catalogue: Catalogue }) {
  const text = useText();
  const named = useNamed();
  const { dimension, items } = part;
  const title = dimension ? named(dimension) : text.other_items;
  return (
    <section aria-label={title} className="models-section">
      <Typography.Title level={3} className="models-h3">
        {title} {dimension && <Marks dimension={dimension} />}
      </Typography.Title>
      <PlainTable<Item>
        label={text.items}
        columns={useColumns(catalogue)}
        dataSource={items}
        rowKey="indicator"
      />
    </section>
  );
}

function Marks({ dimension }: { dimension: NonNullable<Part["dimension"]> }) {
  const text = useText();
  const format = useFormats();
  const kinds = [dimension.part, dimension.aspect].map((each) => (text as Record<string, unknown>)[each]);
  const full = dimension.full === undefined ? text.no_full : text.full_marks(format.points(dimension.full));
  return <small className="quiet">{[...kinds, full].join(" · ")}</small>;
}

function useColumns(catalogue: Catalogue): TableProps<Item>["columns"] {
  const text = useText();
  const format = useFormats();
  const { language } = useLanguage();
  return [
    {
      title: text.indicator,
      render: (_, item) => (
        <>
          <div>{catalogue.get(item.indicator)?.[language] ?? item.indicator}</div>
          <small className="quiet">{item.indicator}</small>
        </>
      ),
    },
    { title: text.values_points, render: (_, item) => <Steps item={item} catalogue={catalogue} /> },
    { title: text.shape, render: (_, item) => <Shape item={item} /> },
    {
      title: text.extremes,
      align: "right",
      render: (_, item) => extremesOf(item).map(format.points).join(" ~ "),
    },
    { title: text.when_missing, render: (_, item) => <Missing item={item} /> },
  ];
}

function Steps({ item, catalogue }: { item: Item; catalogue: Catalogue }) {
  const text = useText();
  const format = useFormats();
  const { language } = useLanguage();
  const unit = catalogue.get(item.indicator)?.unit ?? "count";
  const said: [string, number][] = item.curve
    ? knotsOf(item).map(([at, points]) => [valueText(at, unit, language), points])
    : stepsOf(item).map((step) => [stepText(step, unit, language), step.points]);
  return (
    <div className="models-steps">
      {said.map(([value, points]) => (
        <span key={value} className="models-chip">
          {value} <b>{text.points(format.points(points))}</b>
        </span>
      ))}
      {item.curve && <span className="quiet">{text.curve_between}</span>}
      {item.weight !== undefined && <span className="quiet">{text.weight(format.points(item.weight))}</span>}
    </div>
  );
}

function Missing({ item }: { item: Item }) {
  const text = useText();
  const format = useFormats();
  const { policy, points } = item.missing;
  if (policy === "mean") return <>{text.missing_mean(format.points((points ?? 0) * (item.weight ?? 1)))}</>;
  if (policy === "worst") return <>{text.missing_worst(format.points(extremesOf(item)[1]))}</>;
  return <>{policy === "neutral" ? text.missing_neutral : text.missing_not_applicable}</>;
}
