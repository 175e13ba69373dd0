import { useFormats } from "../../../i18n/format";
import { useWords } from "../../../i18n/words";
import { ClassTag } from "../../../kit/ClassTag";
import { PlainTable } from "../definition/PlainTable";
import { Section } from "../definition/WholeModel";
import type { Answer } from "./useWhatIf";
import { useWhatIfText } from "./whatIfText";

/** A class. */
interface Row {
  letter: string;
}

type Tested = Answer["discovery"][string][string];

/** Problems found among the control group's visits, by the class then and by that of the draft. */
export function Discovery({ discovery }: { discovery: Answer["discovery"] }) {
  const text = useWhatIfText();
  const words = useWords();
  const format = useFormats();
  const { now = {}, then = {} } = discovery;
  const rate = (each: Tested | undefined) =>
    each?.rate == null
      ? "—"
      : `${format.share(each.rate)} (${format.share(each.low)}–${format.share(each.high)})`;
  const side = (title: string, of: Record<string, Tested>) => ({
    title,
    children: [
      {
        title: text.valid,
        align: "right" as const,
        render: (_: unknown, { letter }: Row) => format.count(of[letter]?.valid),
      },
      {
        title: text.problems,
        align: "right" as const,
        render: (_: unknown, { letter }: Row) => format.count(of[letter]?.problems),
      },
      {
        title: `${text.rate} (${text.interval})`,
        align: "right" as const,
        render: (_: unknown, { letter }: Row) => rate(of[letter]),
      },
    ],
  });
  const letters = [...new Set([...Object.keys(now), ...Object.keys(then)])].sort();
  return (
    <Section title={text.discovery} lead={text.discovery_say}>
      <PlainTable<Row>
        label={text.discovery}
        dataSource={letters.map((letter) => ({ letter }))}
        rowKey="letter"
        columns={[
          { title: words.class, render: (_, { letter }) => <ClassTag value={letter} /> },
          side(text.now, now),
          side(text.by_draft, then),
        ]}
      />
    </Section>
  );
}
