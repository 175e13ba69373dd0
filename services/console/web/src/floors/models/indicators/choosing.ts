import type { components } from "../../../api/generated/profiling";

export type Indicator = components["schemas"]["IndicatorDefinition"];
export type Uses = ReadonlyMap<string, string[]>;

/** What the catalogue can be filtered by, besides words and use. */
export const FILTERS = ["dimension", "group", "nature", "missing", "effect", "confidence"] as const;

/** The indicators that match all filters that are set. */
export function chosen(indicators: Indicator[], uses: Uses, filters: Record<string, string>): Indicator[] {
  const q = (filters.q ?? "").toLowerCase();
  return indicators.filter(
    (each) =>
      FILTERS.every((name) => !filters[name] || each[name] === filters[name]) &&
      (!q || `${each.code} ${each.zh} ${each.en}`.toLowerCase().includes(q)) &&
      isUsed(uses.get(each.code), filters.use),
  );
}

function isUsed(by: string[] | undefined, use: string | undefined): boolean {
  if (!use) return true;
  if (use === "none") return by === undefined;
  return by !== undefined && (use === "any" || by.some((id) => id.startsWith(`${use}@`)));
}

/** The values that a filter can have, those of the dimension chosen only, in the order of the catalogue. */
export function valuesOf(
  indicators: Indicator[],
  name: (typeof FILTERS)[number],
  dimension?: string,
): string[] {
  const within =
    name === "group" && dimension ? indicators.filter((each) => each.dimension === dimension) : indicators;
  return [...new Set(within.map((each) => each[name]))];
}
