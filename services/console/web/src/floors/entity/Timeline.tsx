import { Button, Flex } from "antd";
import { useMemo } from "react";
import { useFacts } from "../../dialogs/reads";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { Chart } from "../../kit/Chart";
import { Loaded } from "../../kit/Loaded";
import { useFactWords } from "../../kit/useFactWords";
import { useUrlState } from "../../kit/useUrlState";
import { AsOf } from "./AsOf";
import { dayOf, daysOf, instantsKnown, type Pair } from "./clocks";
import { FactList } from "./FactList";
import { Part } from "./Part";
import type { Fact, Profile } from "./reads";
import { TwoClocks } from "./TwoClocks";
import { useText } from "./text";
import { timelineOption } from "./timelineChart";
import { useTimelineText } from "./timelineText";

/** What happened to the entity, on both clocks: when it occurred and when it became known. */
export function Timeline({ entity }: { entity: Profile }) {
  const text = useText();
  const { list, facts } = useFacts(entity.uscc);
  return (
    <Loaded reading={{ ...list, data: list.data }} lines={10} isEmpty={() => facts.length === 0}>
      {() => (
        <>
          <Drawn entity={entity} facts={facts} />
          {list.hasNextPage && (
            <Flex justify="center" className="table-more no-print">
              <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {text.loading_more}
              </Button>
            </Flex>
          )}
        </>
      )}
    </Loaded>
  );
}

/** The pair of clocks asked for in the address; null is today, as far as is known now. */
function usePair(facts: Fact[], businessDay: string): Pair | null {
  const [{ valid, known }] = useUrlState();
  return useMemo(() => {
    if (!valid && !known) return null;
    const [, last] = daysOf(facts, businessDay);
    const instants = instantsKnown(facts);
    return { valid: valid ?? dayOf(last), known: known ?? instants[instants.length - 1] ?? "" };
  }, [facts, businessDay, valid, known]);
}

function Drawn({ entity, facts }: { entity: Profile; facts: Fact[] }) {
  const pair = usePair(facts, entity.business_day);
  return (
    <div className="grid">
      <TwoClocks facts={facts} businessDay={entity.business_day} pair={pair} />
      <div className={pair ? "entity-columns" : undefined}>
        <Picture facts={facts} pair={pair} />
        {pair && <AsOf entity={entity} facts={facts} pair={pair} />}
      </div>
      <FactList facts={facts} pair={pair} />
    </div>
  );
}

function Picture({ facts, pair }: { facts: Fact[]; pair: Pair | null }) {
  const text = useTimelineText();
  const words = useFactWords();
  const format = useFormats();
  const [, change] = useUrlState();
  const byNumber = new Map(facts.map((fact) => [fact.number, fact]));
  const tell = (number: number) => {
    const fact = byNumber.get(number);
    return fact ? `${words.type(fact.type)} · ${format.day(fact.occurred_at)}` : "";
  };
  const option = timelineOption(facts, pair, { group: (code) => wordFor(text, `group_${code}`), tip: tell });
  const pick = (name: string) => {
    const fact = byNumber.get(Number(name));
    if (fact) change({ fact: `${fact.source}|${fact.fact_id}`, types: undefined });
  };
  return (
    <Part title={text.section}>
      <Chart
        label={text.chart}
        option={option}
        height={230}
        onPick={({ name }) => pick(name)}
        table={{
          columns: [text.valid, text.known, text.type],
          rows: facts.map((fact) => [
            format.moment(fact.occurred_at),
            format.seconds(fact.recorded_at),
            words.type(fact.type),
          ]),
        }}
      />
    </Part>
  );
}
