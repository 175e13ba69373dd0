import type { EChartsCoreOption } from "echarts/core";
import { CLASS_COLOURS, COLOURS } from "../../app/theme";

/** One bar of a score told step by step: `add` grows or shrinks it, a `sum` stands on its own. */
export interface Step {
  name: string;
  points: number;
  kind: "base" | "add" | "sum";
}

interface Account {
  base: number;
  general: number | null;
  cap: number;
  score: number;
  parts: { dimensions: { zh: string; en: string; points: number }[] };
}

interface StepNames {
  base: string;
  general: string;
  cap: string;
  total: string;
  named: (both: { zh: string; en: string }) => string;
}

/** The score of a class as steps, as the service gives its parts: base, dimensions, what is cut off, total. */
export function stepsOf(account: Account, names: StepNames): Step[] {
  const dimensions = account.parts.dimensions.map(
    (part): Step => ({ name: names.named(part), points: part.points, kind: "add" }),
  );
  return [
    { name: names.base, points: account.base, kind: "base" },
    ...(account.general === null ? [] : [add(names.general, account.general)]),
    ...dimensions,
    ...(account.cap === 0 ? [] : [add(names.cap, account.cap)]),
    { name: names.total, points: account.score, kind: "sum" },
  ];
}

function add(name: string, points: number): Step {
  return { name, points, kind: "add" };
}

interface Bar {
  from: number;
  length: number;
}

/** Where each bar begins and how long it is. */
export function barsOf(steps: Step[]): Bar[] {
  let reached = 0;
  return steps.map(({ points, kind }) => {
    if (kind === "sum") return { from: 0, length: points };
    const from = Math.min(reached, reached + points);
    reached += points;
    return { from, length: Math.abs(points) };
  });
}

/** `+3`, `−30` or `165`: what a bar adds is told with its sign. */
export function signed({ points, kind }: Step, write: (value: number) => string): string {
  if (kind !== "add" || points === 0) return write(points);
  return points > 0 ? `+${write(points)}` : `−${write(-points)}`;
}

/** The class that a score alone gives: the first whose greatest score is not passed. */
function classOf(score: number, cuts: number[]): string {
  const at = cuts.findIndex((cut) => score <= cut);
  return "ABCD"[at < 0 ? 3 : at] ?? "D";
}

function colourOf(step: Step, cuts: number[]): string {
  if (step.kind === "base") return "#8a94a3";
  if (step.kind === "sum")
    return cuts.length
      ? (CLASS_COLOURS[classOf(step.points, cuts)]?.solid ?? COLOURS.primary)
      : COLOURS.primary;
  return step.points < 0 ? "#2f8f5b" : "#c4382f";
}

/** The steps as bars from left to right, each beginning where the one before ended, with the bounds of classes. */
export function waterfallOption(
  steps: Step[],
  cuts: number[],
  write: (value: number) => string,
): EChartsCoreOption {
  const bars = barsOf(steps);
  const reach = Math.max(...bars.map(({ from, length }) => from + length), ...cuts.slice(0, 1));
  return {
    grid: {
      left: 8,
      right: 56,
      top: 26,
      bottom: 4,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
      outerBoundsClampWidth: "45%",
    },
    xAxis: {
      type: "value",
      max: Math.ceil((reach * 1.08) / 50) * 50,
      splitLine: { lineStyle: { color: COLOURS.line } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: steps.map(({ name }) => name),
      axisTick: { show: false },
      axisLabel: { color: COLOURS.ink, width: 120, overflow: "break" },
    },
    series: [hidden(bars), shown(steps, bars, cuts, write)],
  };
}

function hidden(bars: Bar[]) {
  return {
    type: "bar",
    stack: "points",
    silent: true,
    itemStyle: { color: "transparent" },
    data: bars.map(({ from }) => from),
  };
}

function shown(steps: Step[], bars: Bar[], cuts: number[], write: (value: number) => string) {
  return {
    type: "bar",
    stack: "points",
    barWidth: 16,
    data: steps.map((step, at) => ({
      value: bars[at]?.length ?? 0,
      itemStyle: { color: colourOf(step, cuts), borderRadius: 2 },
      label: { show: true, position: "right", color: COLOURS.ink, formatter: signed(step, write) },
    })),
    markLine: {
      symbol: "none",
      silent: true,
      lineStyle: { color: COLOURS.quiet, type: "dashed" },
      data: cuts.map((cut, at) => ({
        xAxis: cut,
        label: { formatter: `${"ABC"[at]} ≤ ${write(cut)}`, color: COLOURS.quiet, position: "start" },
      })),
    },
  };
}
