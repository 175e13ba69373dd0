import type { components } from "../../../api/generated/classification";
import { useFormats } from "../../../i18n/format";
import { useLanguage } from "../../../i18n/language";
import { PlainTable } from "../definition/PlainTable";
import { useText } from "../text";
import { stepWord } from "./steps";

type Step = components["schemas"]["StepRow"];

/** Who did what, when, newest first. */
export function Trail({ steps }: { steps: Step[] }) {
  const text = useText();
  const format = useFormats();
  const { language } = useLanguage();
  return (
    <PlainTable<Step>
      label={text.trail}
      dataSource={[...steps].reverse()}
      rowKey={({ at, what }) => `${at} ${what}`}
      columns={[
        { title: text.when, render: (_, { at }) => format.seconds(at) },
        { title: text.who, dataIndex: "who" },
        { title: text.what, render: (_, { what }) => stepWord(what, language) },
        { title: text.note, render: (_, { note }) => <div className="models-cite">{note || "—"}</div> },
      ]}
    />
  );
}
