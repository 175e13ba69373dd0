import type { EChartsCoreOption } from "echarts/core";
import { COLOURS } from "../../app/theme";

export interface Tie {
  kind: string;
  uscc: string;
  name: string;
  is_risky: boolean;
}

interface Node {
  name: string;
  x: number;
  y: number;
  symbolSize: number;
  symbol?: string;
  itemStyle: { color: string };
  label: { show: boolean; formatter: string; position: string; color: string };
}

interface Words {
  kind: (code: string) => string;
  risky: string;
}

const RADIUS = { kind: 110, entity: 230 };
const SHOWN = 40;

/** The entity in the middle, around it what it shares, and around that the entities it shares it with. */
export function graphOption(
  own: { uscc: string; name: string },
  ties: Tie[],
  words: Words,
): EChartsCoreOption {
  const shown = ties.slice(0, SHOWN);
  const kinds = [...new Set(shown.map(({ kind }) => kind))];
  const nodes = [centre(own), ...around(kinds, shown, words)];
  return {
    tooltip: { formatter: ({ data }: { data: Partial<Node> }) => data.label?.formatter ?? "" },
    series: [
      {
        type: "graph",
        layout: "none",
        roam: false,
        left: 110,
        right: 110,
        top: 24,
        bottom: 24,
        data: nodes,
        links: linksOf(own.uscc, kinds, shown),
        lineStyle: { color: "#aab3bf", width: 1 },
      },
    ],
  };
}

function centre({ uscc, name }: { uscc: string; name: string }): Node {
  return node({
    name: uscc,
    at: [0, 0],
    size: 34,
    colour: COLOURS.primary,
    label: name || uscc,
    position: "bottom",
  });
}

/** Each kind has a slice of the circle as wide as it has entities. */
function around(kinds: string[], ties: Tie[], words: Words): Node[] {
  let at = 0;
  return kinds.flatMap((kind) => {
    const own = ties.filter((tie) => tie.kind === kind);
    const first = at;
    at += own.length;
    const middle = angle(first + (own.length - 1) / 2, ties.length);
    return [
      node({
        name: kind,
        at: place(middle, RADIUS.kind),
        size: 16,
        colour: "#8a94a3",
        label: words.kind(kind),
        position: "bottom",
      }),
      ...own.map((tie, each) => entity(tie, angle(first + each, ties.length), words)),
    ];
  });
}

function entity(tie: Tie, at: number, words: Words): Node {
  const label = tie.is_risky ? `${tie.name || tie.uscc}（${words.risky}）` : tie.name || tie.uscc;
  const [x, y] = place(at, RADIUS.entity);
  const node_ = node({
    name: tie.uscc,
    at: [x, y],
    size: 20,
    colour: tie.is_risky ? COLOURS.bad : "#3b7ac4",
    label,
    position: x < -1 ? "left" : "right",
  });
  return tie.is_risky ? { ...node_, symbol: "diamond" } : node_;
}

interface Drawn {
  name: string;
  at: [number, number];
  size: number;
  colour: string;
  label: string;
  position: string;
}

function node({ name, at: [x, y], size, colour, label, position }: Drawn): Node {
  return {
    name,
    x,
    y,
    symbolSize: size,
    itemStyle: { color: colour },
    label: { show: true, formatter: label, position, color: COLOURS.ink },
  };
}

function angle(at: number, of: number): number {
  return (2 * Math.PI * at) / Math.max(of, 1);
}

function place(angle: number, radius: number): [number, number] {
  return [Math.cos(angle) * radius * 1.6, Math.sin(angle) * radius];
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
