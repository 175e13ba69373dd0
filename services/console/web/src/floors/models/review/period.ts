import { useSeesCity } from "../../../app/session";
import { useUrlState } from "../../../kit/useUrlState";

/** What the figures of a review are limited to; kept in the address. */
export interface Period {
  since?: string;
  until?: string;
  area?: string;
  sector?: string;
  model?: string;
}

const NAMES = ["since", "until", "area", "sector", "model"] as const;

/** The period and filters in the address; an area only for whoever sees the city, no first day after the last. */
export function usePeriod(): [Period, (changes: Period) => void] {
  const [state, change] = useUrlState();
  const seesCity = useSeesCity();
  const period: Period = {};
  for (const name of NAMES) if (state[name] && (name !== "area" || seesCity)) period[name] = state[name];
  if (period.since && period.until && period.since > period.until) period.since = period.until;
  return [period, (changes) => change({ ...changes })];
}

/** The address of the workbook of the same figures. */
export function workbookOf(period: Period): string {
  const query = new URLSearchParams({ ...period }).toString();
  return `/api/classification/v1/reviews/summary.xlsx${query && `?${query}`}`;
}

/** The day some days before another. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
