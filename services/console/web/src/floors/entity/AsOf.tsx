import { Checkbox, Flex } from "antd";
import { useState } from "react";
import { profiling } from "../../api/client";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { DataTable } from "../../kit/DataTable";
import { Loaded } from "../../kit/Loaded";
import { ClassThen } from "./ClassThen";
import { type Pair, standingOf } from "./clocks";
import { Part } from "./Part";
import type { Fact, Indicator, Profile } from "./reads";
import { differences } from "./thenAndNow";
import { useTimelineText } from "./timelineText";
import { useValueText } from "./useValueText";

/** The entity as it stood on a day, by what was known at an instant, beside how it stands now. */
export function AsOf({ entity, facts, pair }: { entity: Profile; facts: Fact[]; pair: Pair }) {
  const text = useTimelineText();
  const { seconds } = useFormats();
  const anything = facts.some((fact) => standingOf(fact, pair) === "held");
  return (
    <Part title={text.stood}>
      <p className="quiet">{text.then_of(pair.valid, seconds(pair.known))}</p>
      {anything ? <Then entity={entity} pair={pair} /> : <p>{text.none_then}</p>}
      <h3>{text.class_then}</h3>
      <ClassThen uscc={entity.uscc} pair={pair} />
    </Part>
  );
}

function Then({ entity, pair }: { entity: Profile; pair: Pair }) {
  const text = useTimelineText();
  const { count } = useFormats();
  const reading = profiling.useQuery("get", "/v1/entities/{uscc}/profile", {
    params: { path: { uscc: entity.uscc }, query: { valid_at: pair.valid, known_at: pair.known } },
  });
  return (
    <Loaded reading={reading}>
      {(then) => (
        <>
          <p className="quiet">{text.facts_then(count(then.facts.length))}</p>
          <Compared then={then.indicators} now={entity.indicators} />
        </>
      )}
    </Loaded>
  );
}

function Compared({ then, now }: { then: Indicator[]; now: Indicator[] }) {
  const text = useTimelineText();
  const named = useNamed();
  const valueText = useValueText();
  const [changed, setChanged] = useState(true);
  const rows = differences(then, now).filter(({ differs }) => differs || !changed);
  return (
    <>
      <Flex justify="end" className="no-print">
        <Checkbox checked={changed} onChange={({ target }) => setChanged(target.checked)}>
          {text.only_changed}
        </Checkbox>
      </Flex>
      <DataTable
        rowKey="code"
        dataSource={rows}
        locale={{ emptyText: text.same }}
        columns={[
          { title: text.indicator, render: (_, row) => named(row) },
          { title: text.value_then, align: "right", render: (_, row) => valueText(row.past, row.unit) },
          {
            title: text.value_now,
            align: "right",
            render: (_, row) =>
              row.differs ? <b>{valueText(row.now, row.unit)}</b> : valueText(row.now, row.unit),
          },
        ]}
      />
    </>
  );
}
