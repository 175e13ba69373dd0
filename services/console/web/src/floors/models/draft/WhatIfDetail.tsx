import { Flex } from "antd";
import { useNames } from "../../../api/vocabulary";
import { useFormats } from "../../../i18n/format";
import { useWords } from "../../../i18n/words";
import { Chart } from "../../../kit/Chart";
import { useUrlState } from "../../../kit/useUrlState";
import { Section } from "../definition/WholeModel";
import { Discovery } from "./Discovery";
import { LoadPart } from "./LoadPart";
import { MoverList } from "./MoverList";
import type { Answer, Trying } from "./useWhatIf";
import { WhatIfPanel } from "./WhatIfPanel";
import { LETTERS, moversBy, moversOption, signed, total } from "./whatIfCharts";
import { useWhatIfText } from "./whatIfText";

/** Everything the newest what-if found: by area, section and sector, visits, discovery, and who moves. */
export function WhatIfDetail({ trying }: { trying: Trying }) {
  const { answer } = trying;
  return (
    <>
      <WhatIfPanel trying={trying} />
      {answer && <Detail answer={answer} />}
    </>
  );
}

function Detail({ answer }: { answer: Answer }) {
  const text = useWhatIfText();
  const format = useFormats();
  const areaName = useNames("areas");
  const sectionName = useNames("sections");
  const sectorName = useNames("sectors");
  const [, change] = useUrlState();
  const byName = (name: (code: string) => string, groups: Answer["by_area"]) => (picked: string) =>
    Object.keys(groups).find((code) => name(code) === picked);
  const area = byName(areaName, answer.by_area);
  const section = byName(sectionName, answer.by_section);
  return (
    <>
      <p className="quiet">
        {text.copy_of(format.day(answer.business_day), format.moment(answer.made_at))} · {text.against}
        {answer.moving_anyway > 0 && ` · ${text.anyway(format.count(answer.moving_anyway))}`}
        {answer.left > 0 && ` · ${text.left_out(format.count(answer.left))}`}
      </p>
      <div className="models-desk">
        <Groups
          title={text.by_area}
          groups={answer.by_area}
          name={areaName}
          onPick={(each) => change({ area: area(each) })}
        />
        <Groups
          title={text.by_section}
          groups={answer.by_section}
          name={sectionName}
          onPick={(each) => change({ section: section(each) })}
        />
        <Groups title={text.by_sector} groups={answer.by_sector} name={sectorName} />
        {answer.load && <LoadPart load={answer.load} />}
      </div>
      <Discovery discovery={answer.discovery} />
      <MoverList answer={answer} />
    </>
  );
}

interface GroupsProps {
  title: string;
  groups: Answer["by_area"];
  name: (code: string) => string;
  onPick?: (name: string) => void;
}

/** Movers of each group, with the classes of each before and after as a table. */
function Groups({ title, groups, name, onPick }: GroupsProps) {
  const text = useWhatIfText();
  const words = useWords();
  const format = useFormats();
  const moving = moversBy(groups);
  const rows = Object.entries(groups).map(([code, { now, then, movers }]) => [
    name(code),
    format.count(total(now)),
    format.count(movers),
    ...LETTERS.map((each) => `${format.count(then[each])} (${signed(then[each] - now[each], format.count)})`),
  ]);
  return (
    <Section title={title}>
      {moving.length === 0 ? (
        <p className="quiet">{text.movers_empty}</p>
      ) : (
        <Chart
          label={`${title} ${text.movers}`}
          height={Math.max(120, moving.length * 22 + 30)}
          option={moversOption(groups, name, text)}
          table={{ columns: [words.name, text.entities, text.movers, ...LETTERS], rows }}
          onPick={onPick && (({ name: picked }) => onPick(picked))}
          footer={<Flex>{text.movers}</Flex>}
        />
      )}
    </Section>
  );
}
