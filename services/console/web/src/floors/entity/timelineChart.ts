import type { EChartsCoreOption } from "echarts/core";
import { COLOURS } from "../../app/theme";
import { type Clocked, type Pair, standingOf } from "./clocks";
import { FACT_GROUPS, groupOf } from "./factGroups";

export interface Dot extends Clocked {
  type: string;
  counts: boolean;
}

interface Words {
  group: (code: string) => string;
  tip: (number: number) => string;
}

/** Facts as dots: by the day they occurred from left to right, by kind from above; the pair asked for is a line. */
export function timelineOption(facts: Dot[], pair: Pair | null, words: Words): EChartsCoreOption {
  const groups = FACT_GROUPS.filter((group) => facts.some(({ type }) => groupOf(type) === group));
  return {
    grid: {
      left: 8,
      right: 20,
      top: 24,
      bottom: 4,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    tooltip: { formatter: ({ name }: { name: string }) => words.tip(Number(name)) },
    xAxis: { type: "time", splitLine: { show: false } },
    yAxis: {
      type: "category",
      inverse: true,
      data: groups.map(words.group),
      axisTick: { show: false },
      axisLabel: { color: COLOURS.ink },
      splitLine: { show: true, lineStyle: { color: COLOURS.line } },
    },
    series: [
      {
        type: "line",
        lineStyle: { width: 0 },
        symbolSize: 10,
        data: facts.map((fact) => dot(fact, pair, groups)),
        markLine: pair && {
          symbol: "none",
          silent: true,
          label: { formatter: pair.valid, color: COLOURS.ink, position: "start" },
          lineStyle: { color: COLOURS.primary },
          data: [{ xAxis: Date.parse(`${pair.valid}T23:59:59+08:00`) }],
        },
      },
    ],
  };
}

function dot(fact: Dot, pair: Pair | null, groups: string[]) {
  const held = pair === null || standingOf(fact, pair) === "held";
  return {
    name: String(fact.number),
    value: [Date.parse(fact.occurred_at), groups.indexOf(groupOf(fact.type))],
    symbol: fact.counts ? "circle" : "emptyCircle",
    itemStyle: { color: held ? COLOURS.primary : "#b8c0ca" },
  };
}
