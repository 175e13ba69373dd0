import type { Path } from "../../app/pages";

/** One stage of the loop as the console tells it; null where it cannot be told. */
export interface Stage {
  stage: string;
  zh: string;
  en: string;
  services: string[];
  up: boolean;
  in_per_s: number | null;
  out_per_s: number | null;
  backlog: number | null;
  dead_letters: number | null;
  alarms: { code: string; service: string; zh: string; en: string }[];
}

/** The newest word on all stages, and whether more is coming. */
export interface LiveStages {
  newest: { stages: Stage[] } | null;
  open: boolean;
}

/** The six stages, in the order of the loop. */
export const ORDER = ["collect", "profile", "sense", "classify", "dispose", "review"] as const;

/** Where the work of a stage is done: the first of these that a role may see. */
export const FLOOR_OF: Record<string, Path[]> = {
  collect: ["/collection/sources", "/collection/files"],
  profile: ["/entities"],
  sense: ["/warnings"],
  classify: ["/models"],
  dispose: ["/inspections"],
  review: ["/models/review"],
};

export type Health = "well" | "attention" | "down" | "unknown";

/** How a stage is: it does not answer, somebody should look, or all is well. */
export function healthOf(stage: Stage | undefined): Health {
  if (stage === undefined) return "unknown";
  if (!stage.up) return "down";
  return stage.alarms.length > 0 || (stage.dead_letters ?? 0) > 0 ? "attention" : "well";
}

/** The stages with which all six services are told once: sensing and review share theirs with another stage. */
const TELLING: string[] = ["collect", "profile", "classify", "dispose"];

/** Dead letters of all services; undefined while one of them cannot tell. */
export function deadLettersOf(stages: readonly Stage[] | undefined): number | undefined {
  const told = stages?.filter(({ stage }) => TELLING.includes(stage)).map((stage) => stage.dead_letters);
  if (told === undefined || told.length === 0 || told.includes(null)) return undefined;
  return told.reduce<number>((sum, letters) => sum + (letters ?? 0), 0);
}
