import type { components } from "../../api/generated/sampling";
import { daysLater } from "../../kit/days";

export type Task = components["schemas"]["TaskOut"];
export type TaskCount = components["schemas"]["TaskCountOut"];
export type Draw = components["schemas"]["DrawOut"];
export type Inspector = components["schemas"]["InspectorIn"];
export type ResultCode = components["schemas"]["ResultCodeOut"];
export type TaskState = "waiting" | "assigned" | "done";

export const STATES: readonly TaskState[] = ["waiting", "assigned", "done"];

/** Lists of visits, which a result changes. */
export const TASKS = ["tasks"] as const;

/** How many visits are in a state, as the service counted. */
export function counted(counts: readonly TaskCount[] | undefined, state: TaskState): TaskCount | undefined {
  return counts && (counts.find((each) => each.state === state) ?? { state, tasks: 0, overdue: 0 });
}

/** What the list of visits is asked for; `due`: within so many days, -1 is before today. */
export function asked(state: Record<string, string>, today: string) {
  return {
    state: STATES.find((each) => each === state.state),
    area: state.area || undefined,
    inspector: state.inspector || undefined,
    draw_id: state.draw || undefined,
    due_by: state.due ? daysLater(today, Number(state.due)) : undefined,
  };
}

/** The letter of a stratum that is a class; null for the others. */
export function letterOf(stratum: string): string | null {
  return stratum.startsWith("class:") ? stratum.slice("class:".length) : null;
}

interface Commitment {
  population?: number;
  uniform_take?: number;
  excluded?: Record<string, number>;
  seed_rule?: { source?: string; known_from?: string };
}

/** What a draw promised before its seed was known. */
export function promiseOf(draw: Draw): Commitment {
  return draw.commitment as Commitment;
}

export interface Quota {
  stratum: string;
  take: number;
  population: number;
}

/** How many a draw takes of each stratum. */
export function quotasOf(draw: Draw): Quota[] {
  return draw.quotas as unknown as Quota[];
}
