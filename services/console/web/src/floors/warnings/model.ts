import type { components } from "../../api/generated/profiling";
import { daysLater } from "../../kit/days";

export type Signal = components["schemas"]["SignalView"];
export type SignalFile = components["schemas"]["SignalFile"];
export type FamilyFigures = components["schemas"]["FamilyFigures"];
export type Count = components["schemas"]["CountView"];
export type Severity = components["schemas"]["SeverityName"];
export type State = components["schemas"]["State"];
export type Sector = components["schemas"]["Sector"];

/** What the queue is divided into. */
export const TABS = ["open", "mine", "snoozed", "suppressed", "cleared"] as const;
export type Tab = (typeof TABS)[number];

/** The actions that can be written down. */
export const ACTIONS = [
  "phoned",
  "visited",
  "interviewed",
  "reminded",
  "correction_ordered",
  "passed_on",
  "looked_into",
  "other",
] as const;

/** How many signals stand behind each tab, of this severity or of all: what the service counted, added up. */
export function tabCounts(counts: readonly Count[], severity?: string): Record<Tab, number> {
  const of = (state: string) =>
    counts.filter((each) => each.state === state && (!severity || each.severity === severity));
  const sum = (rows: readonly Count[], what: "signals" | "mine") =>
    rows.reduce((total, row) => total + row[what], 0);
  return {
    open: sum(of("open"), "signals"),
    mine: sum(of("open"), "mine"),
    snoozed: sum(of("snoozed"), "signals"),
    suppressed: sum(of("suppressed"), "signals"),
    cleared: sum(of("cleared"), "signals"),
  };
}

/** The first tab that the address names, else what is to be done. */
export function tabOf(asked: string | undefined): Tab {
  return TABS.find((each) => each === asked) ?? "open";
}

/** What the list is asked for. `due`: the last of so many days from today; -1 is before today. */
export function asked(state: Record<string, string>, today: string) {
  const tab = tabOf(state.tab);
  return {
    ...limits(state, today),
    state: (tab === "mine" ? "open" : tab) as State,
    severity: (state.severity || undefined) as Severity | undefined,
    mine: tab === "mine",
  };
}

/** What both the list and the counts of the tabs are limited to. */
export function limits(state: Record<string, string>, today: string) {
  const nobody = state.assignee === "-";
  return {
    area: state.area || undefined,
    family: state.family || undefined,
    sector: (state.sector || undefined) as Sector | undefined,
    due_before: state.due ? daysLater(today, Number(state.due)) : undefined,
    assignee: nobody ? undefined : state.assignee || undefined,
    unassigned: nobody || undefined,
  };
}

/** The page of a signal: its identifier holds bars. */
export function pathOf(signalId: string): string {
  return `/warnings/${encodeURIComponent(signalId)}`;
}
