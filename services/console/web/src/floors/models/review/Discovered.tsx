import { Card, Flex, Segmented, Statistic, Tag } from "antd";
import { useNames } from "../../../api/vocabulary";
import { useFormats } from "../../../i18n/format";
import { useNamed } from "../../../i18n/language";
import { wordFor } from "../../../i18n/words";
import { ClassTag } from "../../../kit/ClassTag";
import { Loaded } from "../../../kit/Loaded";
import { useUrlState } from "../../../kit/useUrlState";
import { Section } from "../definition/WholeModel";
import { Capacity } from "./Capacity";
import { estimateText, fine, withNames } from "./intervals";
import { RateTable } from "./RateTable";
import { useReviewText } from "./reviewText";
import { type Summary, useSummary } from "./useSummary";

/** What inspections found, by class and other groups, with every figure in words. */
export function Discovered() {
  const text = useReviewText();
  const summary = useSummary();
  return (
    <Loaded
      reading={summary}
      lines={10}
      isEmpty={({ drawn, reported_results }) => drawn + reported_results === 0}
      emptyHint={text.empty_period}
    >
      {(found) => (
        <>
          <Figures found={found} />
          <Findings found={found} />
          <Rates found={found} />
          <Capacity capacity={found.capacity} />
          <Section title={text.reported} lead={text.reported_say}>
            <RateTable
              rows={found.reported}
              name={(letter) => <ClassTag value={letter} />}
              head={text.by_class}
            />
          </Section>
        </>
      )}
    </Loaded>
  );
}

function Figures({ found }: { found: Summary }) {
  const text = useReviewText();
  const format = useFormats();
  const trend = found.trend.p == null ? "—" : text.trend_say(fine(found.trend.p));
  const figures: [string, string, string][] = [
    [text.drawn, format.count(found.drawn), `${text.control} ${format.count(found.control)}`],
    [text.overall_rate, estimateText(found.overall.weighted, format.share), text.overall_rate_say],
    [text.hit, estimateText(found.hit, format.share), text.hit_say],
    [text.capture, estimateText(found.capture, format.share), text.capture_say],
    [text.lift, estimateText(found.lift, format.points), text.lift_say],
    [text.auc, estimateText(found.auc, fine), text.auc_say],
    [text.ks, fine(found.ks), text.ks_say],
    [text.trend, trend, ""],
  ];
  return (
    <Flex wrap gap={10} className="models-figures">
      {figures.map(([title, value, say]) => (
        <Card key={title} size="small">
          <Statistic title={title} value={value} />
          <small className="quiet">{say}</small>
        </Card>
      ))}
    </Flex>
  );
}

function Findings({ found }: { found: Summary }) {
  const text = useReviewText();
  const named = useNamed();
  const areaName = useNames("areas");
  const readable = (sentence: string) => withNames(sentence, { ...text }, areaName);
  return (
    <Section title={text.findings}>
      <ul className="models-findings">
        {found.findings.map((finding) => (
          <li key={finding.code}>
            {readable(named(finding))} {!finding.enough && <Tag>{text.few}</Tag>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const GROUPINGS = ["class", "area", "sector", "industry", "item"] as const;

function Rates({ found }: { found: Summary }) {
  const text = useReviewText();
  const [{ by = "class" }, change] = useUrlState();
  const grouping = GROUPINGS.find((each) => each === by) ?? "class";
  const head = text[`by_${grouping}`];
  const area = useNames("areas");
  const sector = useNames("sectors");
  const industry = useNames("sections");
  const names = {
    area,
    sector,
    industry,
    item: (code: string) => wordFor(text, `item_${code}`).replace(/^item_/, ""),
  };
  const name = (code: string) => (grouping === "class" ? <ClassTag value={code} /> : names[grouping](code));
  return (
    <Section title={text.discovery}>
      <Segmented
        className="models-switch no-print"
        aria-label={text.by}
        value={grouping}
        options={GROUPINGS.map((value) => ({ value, label: text[`by_${value}`] }))}
        onChange={(value) => change({ by: value === "class" ? undefined : value })}
      />
      <RateTable
        rows={found.rates[grouping] ?? []}
        name={name}
        head={head}
        mark={found.overall.weighted?.value}
      />
    </Section>
  );
}
