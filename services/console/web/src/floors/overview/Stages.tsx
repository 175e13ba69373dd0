import { Alert } from "antd";
import { Link } from "react-router";
import { maySee } from "../../app/pages";
import { useSession } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { wordFor } from "../../i18n/words";
import { Panel } from "./Panel";
import { FLOOR_OF, type Health, healthOf, type LiveStages, ORDER, type Stage } from "./stages";
import { useOverviewText } from "./text";
import { useArea } from "./useArea";

const MARK: Record<Health, string> = { well: "●", attention: "▲", down: "✕", unknown: "○" };

/** The six stages of the loop as they turn now. */
export function Stages({ live: { newest, open } }: { live: LiveStages }) {
  const text = useOverviewText();
  const { asked } = useArea();
  const known = new Map(newest?.stages.map((stage) => [stage.stage, stage]));
  return (
    <Panel title={text.loop} className="loop" extra={newest === null ? text.waiting : asked && text.of_city}>
      {newest !== null && !open && <Alert type="warning" showIcon title={text.lost} />}
      <ol className="stages">
        {ORDER.map((code) => (
          <li key={code}>
            <StageBox code={code} stage={known.get(code)} />
          </li>
        ))}
      </ol>
      <div className="loop-back">
        <span>{text.back}</span>
      </div>
    </Panel>
  );
}

function StageBox({ code, stage }: { code: (typeof ORDER)[number]; stage: Stage | undefined }) {
  const text = useOverviewText();
  const named = useNamed();
  const { role } = useSession();
  const health = healthOf(stage);
  const floor = FLOOR_OF[code]?.find((path) => maySee(role, path));
  const name = stage ? named(stage) : text[code];
  return (
    <div className={`stage stage-${health}`}>
      <div className="stage-head">
        {floor ? <Link to={floor}>{name}</Link> : <span>{name}</span>}
        <span className="stage-health">
          <span aria-hidden="true">{MARK[health]}</span> {text[health]}
        </span>
      </div>
      <StageFigures stage={stage} />
      {stage?.alarms.map((alarm) => (
        <div key={`${alarm.service}/${alarm.code}`} className="stage-alarm">
          {stage.services.length > 1 && `${wordFor(text, alarm.service)}：`}
          {named(alarm)}
        </div>
      ))}
    </div>
  );
}

function StageFigures({ stage }: { stage: Stage | undefined }) {
  const text = useOverviewText();
  const formats = useFormats();
  const rate = (value: number | null | undefined) =>
    value === null || value === undefined ? "—" : text.per_second(formats.points(value));
  const figures: [string, string][] = [
    [text.in_rate, rate(stage?.in_per_s)],
    [text.out_rate, rate(stage?.out_per_s)],
    [text.backlog, formats.count(stage?.backlog)],
    [text.dead_letters, formats.count(stage?.dead_letters)],
  ];
  return (
    <dl>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
