import { Button, Segmented } from "antd";
import { useState } from "react";
import { classification } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { CLASS_COLOURS } from "../../app/theme";
import { useFormats } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { Loaded } from "../../kit/Loaded";
import { useUrlState } from "../../kit/useUrlState";
import { CLASSES, type ClassMix } from "./figures";
import { Panel } from "./Panel";
import { Spark } from "./Spark";
import { TrendTable } from "./TrendTable";
import { useOverviewText } from "./text";
import { courseOf, type Point, STEPS, type Step } from "./trend";
import { useArea } from "./useArea";

/** How many entities have which class, and how that came. */
export function Classes() {
  const text = useOverviewText();
  const areaName = useNames("areas");
  const [state, change] = useUrlState();
  const { area, asked } = useArea();
  const by = STEPS.find((each) => each === state.trend) ?? "month";
  const mix = classification.useQuery("get", "/v1/statistics/classes", {
    params: { query: { area: asked } },
  });
  const steps = (
    <Segmented<Step>
      size="small"
      aria-label={text.trend}
      value={by}
      options={STEPS.map((value) => ({ value, label: text[`by_${value}`] }))}
      onChange={(trend) => change({ trend: trend === "month" ? undefined : trend })}
    />
  );
  return (
    <Panel title={text.classes_of(area ? areaName(area) : text.of_city)} className="classes" extra={steps}>
      <Loaded reading={mix} isEmpty={({ groups }) => groups.length === 0} lines={6}>
        {({ groups: [whole] }) => whole && <Mix mix={whole} by={by} />}
      </Loaded>
    </Panel>
  );
}

function Mix({ mix, by }: { mix: ClassMix; by: Step }) {
  const text = useOverviewText();
  const words = useWords();
  const { count } = useFormats();
  const { asked: area } = useArea();
  const [asTable, setAsTable] = useState(false);
  const trend = classification.useQuery("get", "/v1/statistics/classes/trend", {
    params: { query: { by, area } },
  });
  const points = trend.data?.points ?? [];
  return (
    <>
      <p className="figure">
        {text.entities(count(mix.entities))}
        <span className="quiet"> {text.observation(count(mix.under_observation))}</span>
      </p>
      {asTable ? <TrendTable points={points} /> : <MixTable mix={mix} points={points} />}
      <footer className="panel-foot">
        <span className="quiet note">{text.not_counted}</span>
        <Button type="link" size="small" className="no-print" onClick={() => setAsTable(!asTable)}>
          {asTable ? words.as_chart : words.as_table}
        </Button>
      </footer>
    </>
  );
}

function MixTable({ mix, points }: { mix: ClassMix; points: readonly Point[] }) {
  const text = useOverviewText();
  const words = useWords();
  const first = points.length > 1 ? points[0] : undefined;
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{words.class}</th>
          <th scope="col" className="number">
            {text.households}
          </th>
          <th scope="col">{text.share}</th>
          <th scope="col">{first ? `${text.trend}（${text.since(first.day)}）` : text.trend}</th>
        </tr>
      </thead>
      <tbody>
        {CLASSES.map((letter) => (
          <MixRow key={letter} letter={letter} mix={mix} points={points} />
        ))}
      </tbody>
    </table>
  );
}

function MixRow({ letter, mix, points }: { letter: string; mix: ClassMix; points: readonly Point[] }) {
  const { count } = useFormats();
  const colour = CLASS_COLOURS[letter]?.solid;
  return (
    <tr>
      <th scope="row">
        <ClassTag value={letter} />
      </th>
      <td className="number">{count(mix.counts[letter] ?? 0)}</td>
      <td>
        <ShareBar share={mix.shares[letter] ?? 0} colour={colour} />
      </td>
      <td>
        <Spark course={courseOf(points, letter)} letter={letter} colour={colour} />
      </td>
    </tr>
  );
}

function ShareBar({ share, colour }: { share: number; colour: string | undefined }) {
  const formats = useFormats();
  return (
    <span className="share-bar">
      <span className="share-track" aria-hidden="true">
        <span style={{ width: `${share * 100}%`, background: colour }} />
      </span>
      <span className="number">{formats.share(share)}</span>
    </span>
  );
}
