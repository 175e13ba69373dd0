import type { components as Classification } from "../../api/generated/classification";
import type { components as Profiling } from "../../api/generated/profiling";

export type ClassMix = Classification["schemas"]["ClassMix"];
export type Rate = Classification["schemas"]["Rate"];
type AreaFigures = Profiling["schemas"]["AreaFigures"];

export const CLASSES = ["A", "B", "C", "D"] as const;

/** What the areas may be coloured by. */
export const MEASURES = ["risky", "discovery", "signals"] as const;
export type Measure = (typeof MEASURES)[number];

/** What is known of one area. */
export interface Area {
  mix?: ClassMix;
  rate?: Rate;
  /** Entities that have an open signal. */
  signalled?: number;
}

/** What three services say of each area, by its code. */
export function byArea(
  mixes: readonly ClassMix[],
  rates: readonly Rate[],
  figures: readonly AreaFigures[],
): Map<string, Area> {
  const areas = new Map<string, Area>();
  const of = (code: string) => {
    const area = areas.get(code) ?? {};
    areas.set(code, area);
    return area;
  };
  for (const mix of mixes) of(mix.group).mix = mix;
  for (const rate of rates) of(rate.group).rate = rate;
  for (const { area_code, with_open_signal } of figures) {
    const area = of(area_code);
    area.signalled = (area.signalled ?? 0) + with_open_signal;
  }
  return areas;
}

/** The share of classes C and D, of all that are counted; undefined where there are none. */
export function risky({ entities, counts }: Pick<ClassMix, "entities" | "counts">): number | undefined {
  return entities === 0 ? undefined : ((counts.C ?? 0) + (counts.D ?? 0)) / entities;
}

/** The figure an area is coloured by; undefined where nothing is known. */
export function measured(area: Area | undefined, measure: Measure): number | undefined {
  if (measure === "risky") return area?.mix && risky(area.mix);
  if (measure === "signals") return area?.signalled;
  return area?.rate?.rate ?? undefined;
}

/** The step of a value, from 0 to `steps` - 1, in steps of equal width between the least and the greatest. */
export function stepOf(value: number, least: number, greatest: number, steps: number): number {
  if (greatest <= least) return 0;
  return Math.min(steps - 1, Math.floor(((value - least) / (greatest - least)) * steps));
}
