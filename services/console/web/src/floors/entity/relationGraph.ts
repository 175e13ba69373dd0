import type { EChartsCoreOption } from "echarts/core";
import { COLOURS } from "../../app/theme";

export interface Tie {
  kind: string;
  uscc: string;
  name: string;
  is_risky: boolean;
}

interface Words {
  kind: (code: string) => string;
  risky: string;
}

const SHOWN = 60;
const LINE = 26;

/** How high the graph must be for every name to have its line. */
export function heightOf(ties: Tie[]): number {
  return Math.max(160, (Math.min(ties.length, SHOWN) + 1) * LINE);
}

/** From left to right: the entity, what it shares, and with whom it shares it. */
export function graphOption(
  own: { uscc: string; name: string },
  ties: Tie[],
  words: Words,
): EChartsCoreOption {
  const shown = ties.slice(0, SHOWN);
  const kinds = [...new Set(shown.map(({ kind }) => kind))];
  const placed = kinds.flatMap((kind) => shown.filter((tie) => tie.kind === kind));
  const middle = (placed.length - 1) / 2;
  return {
    grid: { left: 90, right: 260, top: 16, bottom: 16 },
    xAxis: { show: false, type: "value", min: 0, max: 2 },
    yAxis: { show: false, type: "value", inverse: true, min: -0.5, max: placed.length - 0.5 },
    series: [
      {
        type: "graph",
        coordinateSystem: "cartesian2d",
        data: [
          node(own.uscc, [0, middle], { size: 30, colour: COLOURS.primary, label: own.name || own.uscc }),
          ...kinds.map((kind) =>
            node(kind, [1, middleOf(placed, kind)], { size: 14, colour: "#8a94a3", label: words.kind(kind) }),
          ),
          ...placed.map((tie, at) => entity(tie, at, words)),
        ],
        links: linksOf(own.uscc, kinds, placed),
        lineStyle: { color: "#aab3bf", width: 1, curveness: 0.08 },
      },
    ],
  };
}

function middleOf(placed: Tie[], kind: string): number {
  const own = placed.flatMap((tie, at) => (tie.kind === kind ? [at] : []));
  return ((own[0] ?? 0) + (own[own.length - 1] ?? 0)) / 2;
}

function entity(tie: Tie, at: number, words: Words) {
  const name = tie.name || tie.uscc;
  const label = tie.is_risky ? `${name}（${words.risky}）` : name;
  const colour = tie.is_risky ? COLOURS.bad : "#3b7ac4";
  const drawn = node(tie.uscc, [2, at], { size: 14, colour, label, position: "right" });
  return { ...drawn, symbol: tie.is_risky ? "diamond" : "circle" };
}

interface Look {
  size: number;
  colour: string;
  label: string;
  position?: string;
}

function node(name: string, value: [number, number], { size, colour, label, position = "bottom" }: Look) {
  return {
    name,
    value,
    symbolSize: size,
    itemStyle: { color: colour },
    label: { show: true, formatter: label, position, color: COLOURS.ink },
  };
}

function linksOf(own: string, kinds: string[], ties: Tie[]) {
  return [
    ...kinds.map((kind) => ({ source: own, target: kind })),
    ...ties.map(({ kind, uscc }) => ({ source: kind, target: uscc })),
  ];
}

/** One tie for each other entity: what else it shares is told in the list. */
export function once(ties: Tie[]): Tie[] {
  return ties.filter((tie, at) => ties.findIndex(({ uscc }) => uscc === tie.uscc) === at);
}
