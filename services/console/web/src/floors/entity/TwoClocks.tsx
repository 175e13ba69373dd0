import { Button, Slider } from "antd";
import { useEffect, useState } from "react";
import { useFormats } from "../../i18n/format";
import { useUrlState } from "../../kit/useUrlState";
import { type Clocked, dayOf, daysOf, instantsKnown, numberOf, type Pair, stepOf } from "./clocks";
import { Part } from "./Part";
import { useTimelineText } from "./timelineText";

interface Props {
  facts: Clocked[];
  businessDay: string;
  pair: Pair | null;
}

/** Two sliders: the day of which it is asked what held, and the instant up to which it was known. */
export function TwoClocks({ facts, businessDay, pair }: Props) {
  const text = useTimelineText();
  const { seconds } = useFormats();
  const [, change] = useUrlState();
  const [first, last] = daysOf(facts, businessDay);
  const instants = instantsKnown(facts);
  const instant = (step: number) => instants[step] ?? "";
  const ask = (valid: string, known: string) => change({ valid, known });
  const valid = pair?.valid ?? dayOf(last);
  const known = pair?.known ?? instant(instants.length - 1);
  return (
    <Part
      title={text.clocks}
      extra={
        <Button className="no-print" disabled={!pair} onClick={() => ask("", "")}>
          {text.back}
        </Button>
      }
    >
      <p className="quiet">{text.clocks_hint}</p>
      <Clock
        title={text.valid}
        label={text.valid_label}
        range={[first, last]}
        at={numberOf(valid)}
        write={dayOf}
        onPicked={(day) => ask(dayOf(day), known)}
      />
      <Clock
        title={text.known}
        label={text.known_label}
        range={[0, instants.length - 1]}
        at={stepOf(instants, known)}
        write={(step) => seconds(instant(step))}
        onPicked={(step) => ask(valid, instant(step))}
      />
    </Part>
  );
}

interface ClockProps {
  title: string;
  label: string;
  range: [number, number];
  at: number;
  write: (at: number) => string;
  onPicked: (at: number) => void;
}

/** One slider; what it is drawn to is asked for only once it is let go. */
function Clock({ title, label, range, at, write, onPicked }: ClockProps) {
  const [drawn, setDrawn] = useState(at);
  useEffect(() => setDrawn(at), [at]);
  return (
    <div className="entity-clock">
      <span>{title}</span>
      <Slider
        min={range[0]}
        max={range[1]}
        value={drawn}
        onChange={setDrawn}
        onChangeComplete={onPicked}
        tooltip={{ formatter: (value) => write(value ?? at) }}
        ariaLabelForHandle={label}
        ariaValueTextFormatterForHandle={write}
      />
      <b className="number">{write(drawn)}</b>
    </div>
  );
}
