import type { components as Classification } from "../../api/generated/classification";
import type { components } from "../../api/generated/repair";

export type RepairRecord = components["schemas"]["RecordOut"];
export type RecordCount = components["schemas"]["RecordCount"];
export type Kind = components["schemas"]["RecordKind"];
export type Tier = components["schemas"]["Tier"];
export type Objection = Classification["schemas"]["ObjectionRow"];

export const KINDS: readonly Kind[] = ["penalty", "abnormal_listing", "serious_listing"];
export const TIERS: readonly Tier[] = [
  "never_published",
  "minor",
  "general",
  "serious",
  "serious_no_early",
  "listing",
];

export const RECORDS = ["records"] as const;
export const OBJECTIONS = ["objections"] as const;

/** What the list of records is asked for; open ones where the address names no state. */
export function asked(state: Record<string, string>) {
  const of = state.state ?? "open";
  return {
    uscc: state.uscc || undefined,
    kind: KINDS.find((each) => each === state.kind),
    tier: TIERS.find((each) => each === state.tier),
    state: of === "open" || of === "stopped" ? (of as "open" | "stopped") : undefined,
    area: state.area || undefined,
  };
}

/** How many records of a kind are in a state: what the service counted, added up. */
export function countOf(counts: readonly RecordCount[], kind: Kind, state: string): number {
  return counts
    .filter((each) => each.kind === kind && each.state === state)
    .reduce((total, each) => total + each.records, 0);
}

export const OBJECTION_TABS = ["open", "overdue", "upheld", "rejected"] as const;
export type ObjectionTab = (typeof OBJECTION_TABS)[number];

/** What the list of objections is asked for. */
export function objectionsAsked(tab: ObjectionTab, area?: string) {
  return tab === "overdue" ? { overdue: true, area } : { state: tab, overdue: false, area };
}
