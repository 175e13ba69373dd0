/** A model's document, as `GET /v1/models/{id}` and a draft's text have it. */
export interface Definition {
  code: string;
  version: number;
  kind?: "general" | "individual" | "sector";
  sector?: string;
  zh: string;
  en: string;
  valid_from: string;
  valid_to?: string;
  author: string;
  base: number;
  frame?: Source;
  weights?: Source;
  scale: Source & { lowest: number; highest: number; cuts?: Letters; shares?: Letters };
  levels?: Record<string, { zh: string; en: string }>;
  coupling?: Source & Record<string, number | string>;
  dimensions?: Dimension[];
  items: Item[];
  overrides?: Rule[];
  modifiers?: Rule[];
}

export interface Source {
  citation?: string;
  confidence?: string;
}

export type Letters = Record<"A" | "B" | "C", number>;

export interface Dimension {
  code: string;
  zh: string;
  en: string;
  full?: number;
  part: string;
  aspect: string;
}

export interface Item extends Source {
  indicator: string;
  dimension?: string;
  weight?: number;
  bins?: { edges: number[]; points: number[] } | { from?: number; below?: number; points: number }[];
  curve?: [number, number][];
  missing: { policy: string; points?: number };
  note?: string;
}

export interface Condition {
  indicator?: string;
  at_least?: number;
  at_most?: number;
  age_days_below?: number;
}

export interface Rule extends Source {
  code: string;
  when: Condition & { all?: Condition[] };
  floor?: string;
  shift?: number;
  ignores?: string[];
  flag?: string;
  valid_from?: string;
  valid_to?: string;
  zh: string;
  en: string;
}

/** Values from `from`, inclusive, to below `below` give these points; null is without end. */
export interface Step {
  from: number | null;
  below: number | null;
  points: number;
}

/** The steps of an item that has bins, whichever way they are written; times its weight. */
export function stepsOf(item: Item): Step[] {
  const weight = item.weight ?? 1;
  if (!item.bins) return [];
  if (Array.isArray(item.bins))
    return item.bins.map(({ from, below, points }) => ({
      from: from ?? null,
      below: below ?? null,
      points: points * weight,
    }));
  const { edges, points } = item.bins;
  return points.map((each, at) => ({
    from: at === 0 ? null : (edges[at - 1] ?? null),
    below: edges[at] ?? null,
    points: each * weight,
  }));
}

/** The knots of an item that has a curve: between two of them points run straight; times its weight. */
export function knotsOf(item: Item): [number, number][] {
  return (item.curve ?? []).map(([at, points]) => [at, points * (item.weight ?? 1)]);
}

/** The fewest and the most points that a known value gives. */
export function extremesOf(item: Item): [number, number] {
  const points = item.curve
    ? knotsOf(item).map(([, each]) => each)
    : stepsOf(item).map((each) => each.points);
  return [Math.min(...points), Math.max(...points)];
}

/** The conditions of a rule, all of which must hold. */
export function conditionsOf(rule: Rule): Condition[] {
  return rule.when.all ?? [rule.when];
}

export interface Part {
  dimension: Dimension | null;
  items: Item[];
}

/** The items under their dimensions, in the order of the document; those without one last. */
export function partsOf(definition: Definition): Part[] {
  const dimensions = definition.dimensions ?? [];
  const parts: Part[] = dimensions.map((dimension) => ({
    dimension,
    items: definition.items.filter((item) => item.dimension === dimension.code),
  }));
  const known = new Set(dimensions.map(({ code }) => code));
  const rest = definition.items.filter((item) => !item.dimension || !known.has(item.dimension));
  return rest.length > 0 ? [...parts, { dimension: null, items: rest }] : parts;
}

export interface Band {
  letter: "A" | "B" | "C" | "D";
  /** The greatest score of the class before; null for the first, which begins at the lowest score. */
  above: number | null;
  to: number;
}

/** The scores of each class; nothing where a draft says shares and no cuts yet. */
export function bandsOf(scale: Definition["scale"]): Band[] {
  const { cuts, highest } = scale;
  if (!cuts) return [];
  return [
    { letter: "A", above: null, to: cuts.A },
    { letter: "B", above: cuts.A, to: cuts.B },
    { letter: "C", above: cuts.B, to: cuts.C },
    { letter: "D", above: cuts.C, to: highest },
  ];
}
