import type { Item } from "../definition/definition";
import { addItem, type Place, removeItem, setAt } from "./yamlText";

/** What the form calls a step or a knot: the words of its values are made elsewhere. */
export interface Box {
  /** Where its points stand in the text. */
  points: Place;
  value: number;
  /** Where the edge above which it begins, or the value of its knot, stands; null for the first step. */
  edge: Place | null;
  at: number | null;
}

/** The steps or knots of an item, unweighted, each with where it stands. */
export function boxesOf(item: Item, number: number): Box[] {
  const place: Place = ["items", number];
  if (item.curve)
    return item.curve.map(([at, value], index) => ({
      points: [...place, "curve", index, 1],
      value,
      edge: [...place, "curve", index, 0],
      at,
    }));
  const { bins } = item;
  if (!bins) return [];
  if (Array.isArray(bins))
    return bins.map(({ points }, index) => ({
      points: [...place, "bins", index, "points"],
      value: points,
      edge: null,
      at: null,
    }));
  return bins.points.map((value, index) => ({
    points: [...place, "bins", "points", index],
    value,
    edge: index === 0 ? null : [...place, "bins", "edges", index - 1],
    at: index === 0 ? null : (bins.edges[index - 1] ?? null),
  }));
}

/** Whether steps can be added and taken away: ranges are written out and edited as text. */
export function hasEdges(item: Item): boolean {
  return item.curve !== undefined || (item.bins !== undefined && !Array.isArray(item.bins));
}

/** The text with one more step after the last, one value further and with the same points. */
export function moreSteps(text: string, item: Item, number: number): string {
  const { bins, curve } = item;
  if (curve) return setAt(text, ["items", number, "curve"], [...curve, further(curve.at(-1))]);
  if (!bins || Array.isArray(bins)) return text;
  const edges = [...bins.edges, (bins.edges.at(-1) ?? 0) + 1];
  return setAt(text, ["items", number, "bins"], { edges, points: [...bins.points, bins.points.at(-1) ?? 0] });
}

function further([at, points]: [number, number] = [0, 0]): [number, number] {
  return [at + 1, points];
}

/** The text without the last step; one stays. */
export function fewerSteps(text: string, item: Item, number: number): string {
  const { bins, curve } = item;
  if (curve) return curve.length < 2 ? text : setAt(text, ["items", number, "curve"], curve.slice(0, -1));
  if (!bins || Array.isArray(bins) || bins.points.length < 2) return text;
  const fewer = { edges: bins.edges.slice(0, -1), points: bins.points.slice(0, -1) };
  return setAt(text, ["items", number, "bins"], fewer);
}

/** The text with this policy for an unknown value; the average needs its points. */
export function withPolicy(text: string, item: Item, number: number, policy: string): string {
  const missing = policy === "mean" ? { policy, points: item.missing.points ?? 0 } : { policy };
  return setAt(text, ["items", number, "missing"], missing);
}

/** The text with an indicator more, which gives points once it is above nothing, until somebody says how many. */
export function withIndicator(text: string, indicator: string, dimension: string | undefined): string {
  const bins = { edges: [1], points: [0, 10] };
  return addItem(text, { indicator, dimension, bins, missing: { policy: "neutral" } });
}

export { removeItem };
