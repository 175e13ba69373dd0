import { Flex, Statistic } from "antd";
import { useFormats } from "../../../i18n/format";
import { Section } from "../definition/WholeModel";
import { estimateText } from "./intervals";
import { useReviewText } from "./reviewText";
import type { Summary } from "./useSummary";

/** Visits saved in A against a plan alike, and what was missed there. */
export function Capacity({ capacity }: { capacity: Summary["capacity"] }) {
  const text = useReviewText();
  const format = useFormats();
  if (!capacity)
    return (
      <Section title={text.capacity}>
        <p className="quiet">{text.no_capacity}</p>
      </Section>
    );
  const whole = (value: number | null | undefined) => format.count(value == null ? value : Math.round(value));
  const said = [
    [text.visits, format.count(capacity.visits)],
    [text.visits_in_a, format.count(capacity.visits_in_a)],
    [text.visits_saved, whole(capacity.visits_saved)],
    [text.problems_missed, estimateText(capacity.problems_missed, whole)],
    [text.found_instead, whole(capacity.problems_found_instead)],
  ] as const;
  return (
    <Section title={text.capacity} lead={text.capacity_say}>
      <Flex wrap gap="8px 36px">
        {said.map(([title, value]) => (
          <Statistic key={title} title={title} value={value} />
        ))}
      </Flex>
    </Section>
  );
}
