import type { EChartsCoreOption } from "echarts/core";
import { CLASS_COLOURS, COLOURS } from "../../../app/theme";
import type { ChartTable } from "../../../kit/Chart";
import type { Answer } from "./useWhatIf";

export const LETTERS = ["A", "B", "C", "D"] as const;
type Mix = Answer["mix"]["now"];

export interface Words {
  now: string;
  by_draft: string;
  change: string;
  movers: string;
}

type Count = (value: number) => string;

/** Entities of each class before and after, as bars with their counts. */
export function mixOption(mix: Answer["mix"], words: Words, count: Count): EChartsCoreOption {
  const label = {
    show: true,
    position: "top",
    fontSize: 11,
    formatter: ({ value }: { value: number }) => count(value),
  };
  const colour = (letter: string) => CLASS_COLOURS[letter]?.solid;
  return {
    tooltip: { trigger: "axis" },
    legend: { top: 0, right: 20 },
    xAxis: { type: "category", data: [...LETTERS] },
    yAxis: { type: "value", splitNumber: 3 },
    series: [
      {
        name: words.now,
        type: "bar",
        barGap: "8%",
        itemStyle: { color: "#b6c0cc" },
        label,
        data: LETTERS.map((each) => mix.now[each]),
      },
      {
        name: words.by_draft,
        type: "bar",
        itemStyle: { color: COLOURS.primary },
        label,
        data: LETTERS.map((each) => ({ value: mix.then[each], itemStyle: { color: colour(each) } })),
      },
    ],
  };
}

/** The same as a table, with what changes. */
export function mixTable(mix: Answer["mix"], words: Words, head: string, count: Count): ChartTable {
  return {
    columns: [head, words.now, words.by_draft, words.change],
    rows: LETTERS.map((each) => [
      each,
      count(mix.now[each]),
      count(mix.then[each]),
      signed(mix.then[each] - mix.now[each], count),
    ]),
  };
}

/** A change with its sign; nothing changed is a nought. */
export function signed(change: number, write: Count): string {
  return change > 0 ? `+${write(change)}` : write(change);
}

/** Groups with their movers, most first; those where nobody moves are left out. */
export function moversBy(groups: Answer["by_area"]): { code: string; movers: number; entities: number }[] {
  return Object.entries(groups)
    .map(([code, { movers, now }]) => ({ code, movers, entities: total(now) }))
    .filter(({ movers }) => movers > 0)
    .sort((one, other) => other.movers - one.movers);
}

/** Entities of all classes together. */
export function total(mix: Mix): number {
  return LETTERS.reduce((sum, each) => sum + mix[each], 0);
}

/** Movers of each group as bars that lie, most on top. */
export function moversOption(
  groups: Answer["by_area"],
  name: (code: string) => string,
  words: Words,
): EChartsCoreOption {
  const rows = moversBy(groups).reverse();
  return {
    grid: { left: 8, right: 40, top: 8, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { trigger: "axis" },
    xAxis: { type: "value", splitNumber: 3 },
    yAxis: { type: "category", data: rows.map(({ code }) => name(code)) },
    series: [
      {
        name: words.movers,
        type: "bar",
        itemStyle: { color: COLOURS.primary },
        label: { show: true, position: "right" },
        data: rows.map(({ movers }) => movers),
      },
    ],
  };
}

/** Visits a year of each lot before and after. */
export function loadOption(
  load: NonNullable<Answer["load"]>,
  lot: (code: string) => string,
  words: Words,
): EChartsCoreOption {
  const lots = Object.keys(load.now);
  const bars = (name: string, side: Record<string, number>, color: string) => ({
    name,
    type: "bar",
    itemStyle: { color },
    data: lots.map((each) => side[each] ?? 0),
  });
  return {
    tooltip: { trigger: "axis" },
    legend: { top: 0, right: 20 },
    xAxis: { type: "category", data: lots.map(lot), axisLabel: { interval: 0 } },
    yAxis: { type: "value", splitNumber: 3 },
    series: [bars(words.now, load.now, "#b6c0cc"), bars(words.by_draft, load.then, COLOURS.primary)],
  };
}

/** Visits of all lots together. */
export function visits(side: Record<string, number>): number {
  return Object.values(side).reduce((sum, each) => sum + each, 0);
}

/** The classes that a matrix has rows for: those of now, none first where somebody has none. */
export function rowsOf(migration: Answer["migration"]): string[] {
  return ["", ...LETTERS].filter((each) => migration[each] !== undefined);
}
