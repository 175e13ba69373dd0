import type { components as Classification } from "../../api/generated/classification";
import type { components as Ingestion } from "../../api/generated/ingestion";
import type { components as Notification } from "../../api/generated/notification";
import type { components as Profiling } from "../../api/generated/profiling";
import type { components as Sampling } from "../../api/generated/sampling";
import type { Path } from "../../app/pages";
import type { Role } from "../../app/session";

/** What services count; a part that is not asked, or has not come yet, is missing. */
export interface Counts {
  signals?: Profiling["schemas"]["CountView"][];
  tasks?: Sampling["schemas"]["TaskCountOut"][];
  heaps?: Ingestion["schemas"]["HeapOut"][];
  notices?: Notification["schemas"]["StateCount"][];
  work?: Classification["schemas"]["WorkCounts"];
  /** Of all services, from the live picture. */
  deadLetters?: number;
}

export type Source = keyof Counts;

/** Something of a queue that is said beside its figure. */
export type Aspect = "overdue" | "due" | "mine" | "unassigned" | "decidable";

/** One queue: how much is in it, what of that is to be said, and where it is worked. */
export interface Queue {
  name:
    | "signals"
    | "tasks"
    | "my_tasks"
    | "objections"
    | "adjustments"
    | "drafts"
    | "promotable"
    | "rollbacks"
    | "alarms"
    | "quarantine"
    | "dead"
    | "clues"
    | "notices";
  source: Source;
  /** The page it is worked on, and what that page is to show; a queue without one is only told. */
  path?: Path;
  search?: string;
  figure: number | undefined;
  aspects: [Aspect, number | undefined][];
}

function sum<Row>(rows: readonly Row[] | undefined, of: (row: Row) => number): number | undefined {
  return rows?.reduce((total, row) => total + of(row), 0);
}

function signals({ signals: rows }: Counts): Queue {
  const open = rows?.filter(({ state }) => state === "open");
  return {
    name: "signals",
    source: "signals",
    path: "/warnings",
    figure: sum(open, (row) => row.signals),
    aspects: [
      ["overdue", sum(open, (row) => row.overdue)],
      ["mine", sum(open, (row) => row.mine)],
      ["unassigned", sum(open, (row) => row.unassigned)],
    ],
  };
}

function tasks(name: "tasks" | "my_tasks", { tasks: rows }: Counts): Queue {
  const toDo = rows?.filter(({ state }) => state !== "done");
  return {
    name,
    source: "tasks",
    path: "/inspections",
    figure: sum(toDo, (row) => row.tasks),
    aspects: [["overdue", sum(toDo, (row) => row.overdue)]],
  };
}

function objections({ work }: Counts): Queue {
  return {
    name: "objections",
    source: "work",
    path: "/repair/objections",
    figure: work?.objections_open,
    aspects: [
      ["overdue", work?.objections_overdue],
      ["due", work?.objections_due],
      ["decidable", work?.objections_decidable],
    ],
  };
}

function decided(
  work: Counts["work"],
): Record<"adjustments" | "drafts" | "promotable" | "rollbacks" | "alarms", Queue> {
  const queue = (name: Queue["name"], path: Path, figure?: number, decidable?: number): Queue => ({
    name,
    source: "work",
    path,
    figure,
    aspects: decidable === undefined ? [] : [["decidable", decidable]],
  });
  return {
    adjustments: queue(
      "adjustments",
      "/models/interventions",
      work?.adjustments_proposed,
      work?.adjustments_decidable,
    ),
    drafts: {
      ...queue("drafts", "/models/drafts", work?.drafts_submitted, work?.drafts_decidable),
      search: "state=submitted",
    },
    promotable: { ...queue("promotable", "/models/drafts", work?.drafts_approved), search: "state=approved" },
    rollbacks: queue("rollbacks", "/models", work?.rollbacks_proposed, work?.rollbacks_decidable),
    alarms: queue("alarms", "/models/review", work?.alarms_open),
  };
}

function quarantine({ heaps }: Counts): Queue {
  const figure = sum(heaps, ({ facts }) => facts);
  return { name: "quarantine", source: "heaps", path: "/collection/quarantine", figure, aspects: [] };
}

function dead({ deadLetters }: Counts): Queue {
  return {
    name: "dead",
    source: "deadLetters",
    path: "/operations/dead-letters",
    figure: deadLetters,
    aspects: [],
  };
}

function told(name: "clues" | "notices", what: string, states: string[], { notices }: Counts): Queue {
  const rows = notices?.filter((row) => row.what === what && states.includes(row.state));
  return { name, source: "notices", figure: sum(rows, ({ count }) => count), aspects: [] };
}

/** Queues of which no area has a part: told for the whole city, whichever area is shown. */
export const OF_THE_CITY: ReadonlySet<Queue["name"]> = new Set([
  "drafts",
  "promotable",
  "rollbacks",
  "alarms",
  "quarantine",
  "dead",
]);

/** Pages that can be limited to an area. */
const BY_AREA: ReadonlySet<string> = new Set([
  "/warnings",
  "/inspections",
  "/repair/objections",
  "/models/interventions",
]);

/** Where a queue is worked, limited to the area that is shown where that page can be. */
export function addressOf({ path, search }: Queue, area: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const asked = area && BY_AREA.has(path) ? `area=${area}` : search;
  return asked ? `${path}?${asked}` : path;
}

/** Who may decide what another filed or proposed; only they are told how much of it is theirs to decide. */
const DECIDERS: Partial<Record<Queue["name"], Role[]>> = {
  objections: ["city_administrator", "approver"],
  adjustments: ["city_administrator", "approver"],
  drafts: ["approver", "model_manager"],
  rollbacks: ["approver", "model_manager"],
};

function asToldTo(role: Role, queue: Queue): Queue {
  const decides = DECIDERS[queue.name]?.includes(role);
  return { ...queue, aspects: queue.aspects.filter(([aspect]) => decides || aspect !== "decidable") };
}

/** The queues a role works, the most pressing kind first. */
export function queuesOf(role: Role, counts: Counts): Queue[] {
  const { adjustments, drafts, promotable, rollbacks, alarms } = decided(counts.work);
  const overdueClues = told("clues", "clue", ["overdue"], counts);
  const failedNotices = told("notices", "notice", ["failed"], counts);
  const queues: Partial<Record<Role, Queue[]>> = {
    city_administrator: [
      signals(counts),
      tasks("tasks", counts),
      objections(counts),
      adjustments,
      quarantine(counts),
      dead(counts),
      overdueClues,
      failedNotices,
    ],
    area_officer: [signals(counts), tasks("tasks", counts), objections(counts), adjustments, overdueClues],
    inspector: [tasks("my_tasks", counts), signals(counts)],
    repair_officer: [objections(counts), failedNotices],
    model_manager: [promotable, drafts, rollbacks, alarms],
    approver: [drafts, rollbacks, adjustments, objections(counts)],
    auditor: [dead(counts), quarantine(counts), alarms, failedNotices],
  };
  return (queues[role] ?? []).map((queue) => asToldTo(role, queue));
}
