import { Alert, Button, Card, Flex, Progress, Statistic, Switch, Typography } from "antd";
import { useEffect, useState } from "react";
import { classification } from "../../../api/client";
import { useFormats } from "../../../i18n/format";
import { useWords } from "../../../i18n/words";
import { Chart } from "../../../kit/Chart";
import { Failure } from "../../../kit/Failure";
import { useAct } from "../../../kit/useAct";
import { Matrix } from "./Matrix";
import type { Answer, Trying } from "./useWhatIf";
import { mixOption, mixTable, rowsOf, signed, visits } from "./whatIfCharts";
import { useWhatIfText } from "./whatIfText";

/** What the text as it stands would do to the city, beside the editor. */
export function WhatIfPanel({ trying }: { trying: Trying }) {
  const text = useWhatIfText();
  return (
    <Card size="small" role="region" aria-label={text.try} className="models-live">
      <Flex justify="space-between" align="center" wrap gap={8}>
        <Typography.Title level={2}>{text.try}</Typography.Title>
        {trying.mayTry && <Controls trying={trying} />}
      </Flex>
      {trying.mayTry ? <Body trying={trying} /> : <p className="quiet">{text.may_not_try}</p>}
    </Card>
  );
}

function Controls({ trying }: { trying: Trying }) {
  const text = useWhatIfText();
  return (
    <Flex gap={10} align="center" className="no-print">
      <span className="models-field">
        <Switch size="small" checked={trying.live} onChange={trying.setLive} aria-label={text.live} />
        <small>{text.live}</small>
      </span>
      <Button size="small" onClick={trying.tryNow} disabled={!trying.copy}>
        {text.try_now}
      </Button>
    </Flex>
  );
}

function Body({ trying }: { trying: Trying }) {
  const text = useWhatIfText();
  const { copy, answer, error, isTrying } = trying;
  if (copy === null) return <TakeCopy />;
  return (
    <>
      <Running isTrying={isTrying} seconds={trying.seconds} />
      {answer && !trying.isOfThis && !isTrying && (
        <Alert type="warning" showIcon title={text.of_other_text} className="models-switch" />
      )}
      {error ? <Failure error={error} onRetry={trying.tryNow} /> : null}
      {answer ? <Figures answer={answer} /> : !isTrying && <p className="quiet">{text.not_tried}</p>}
    </>
  );
}

/** There is no copy of the city to try on yet: takes one. */
export function TakeCopy() {
  const text = useWhatIfText();
  const act = useAct();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    await act({
      send: () => classification.call.POST("/v1/snapshots"),
      done: text.copy_taken,
      changes: [["get", "/v1/snapshots"]],
    });
    setBusy(false);
  };
  const action = (
    <Button loading={busy} onClick={() => void take()}>
      {text.take_copy}
    </Button>
  );
  return <Alert type="info" showIcon title={text.no_copy} action={action} />;
}

function Running({ isTrying, seconds }: { isTrying: boolean; seconds: number | undefined }) {
  const text = useWhatIfText();
  const [begun, begin] = useState(0);
  const [now, tick] = useState(0);
  useEffect(() => {
    if (!isTrying) return;
    begin(Date.now());
    tick(Date.now());
    const timer = setInterval(() => tick(Date.now()), 100);
    return () => clearInterval(timer);
  }, [isTrying]);
  const passed = ((now - begun) / 1000).toFixed(1);
  const said = isTrying
    ? `${text.trying} ${text.trying_s(passed)}`
    : seconds !== undefined && text.tried(seconds.toFixed(1));
  return (
    <div role="status" className="models-running">
      <small className="quiet">{said}</small>
      {isTrying && (
        <Progress percent={100} status="active" showInfo={false} size={["100%", 3]} aria-hidden="true" />
      )}
    </div>
  );
}

function Figures({ answer }: { answer: Answer }) {
  const text = useWhatIfText();
  const words = useWords();
  const format = useFormats();
  const { load, mix, migration } = answer;
  return (
    <>
      <Flex gap={24} wrap>
        <Statistic
          title={text.movers}
          value={format.count(answer.movers)}
          suffix={<small className="quiet">{text.of_entities(format.count(answer.entities))}</small>}
        />
        {load && (
          <Statistic
            title={text.visits}
            value={format.count(Math.round(visits(load.then)))}
            suffix={
              <small className="quiet">
                {signed(Math.round(visits(load.then)) - Math.round(visits(load.now)), format.count)}
              </small>
            }
          />
        )}
      </Flex>
      <Chart
        label={text.mix}
        height={210}
        option={mixOption(mix, text, format.count)}
        table={mixTable(mix, text, words.class, format.count)}
        footer={text.mix}
      />
      <Matrix rows={rowsOf(migration)} at={(row, column) => migration[row]?.[column as "A"] ?? 0} />
    </>
  );
}
