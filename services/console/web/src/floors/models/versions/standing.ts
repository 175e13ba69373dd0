import type { components } from "../../../api/generated/classification";

export type ModelSummary = components["schemas"]["ModelSummary"];
export type Live = ModelSummary["went_live"][number];

/** What a version is on a day: it judges, judged, will judge, or never went live. */
export type Standing = "in_force" | "coming" | "past" | "never";

export interface Stood {
  model: ModelSummary;
  standing: Standing;
  /** The going live that the standing is about. */
  live: Live | null;
}

const KINDS = ["general", "individual", "sector"];

/** The code of a version's id. */
export function codeOf(id: string): string {
  return id.slice(0, id.indexOf("@"));
}

/** The number of a version's id. */
export function numberOf(id: string): number {
  return Number(id.slice(id.indexOf("@") + 1));
}

/** All versions with what they are on `today`: of each code the newest going live of days reached judges. */
export function standings(models: ModelSummary[], today: string): Stood[] {
  const judging = new Map<string, { model: ModelSummary; live: Live }>();
  for (const model of models)
    for (const live of model.went_live) {
      const held = judging.get(codeOf(model.id));
      if (live.from_day <= today && (!held || isLater(live, held.live)))
        judging.set(codeOf(model.id), { model, live });
    }
  return models.map((model) => stood(model, judging.get(codeOf(model.id)), today)).sort(byKind);
}

function isLater(one: Live, other: Live): boolean {
  return one.from_day === other.from_day ? one.at >= other.at : one.from_day > other.from_day;
}

function stood(
  model: ModelSummary,
  judging: { model: ModelSummary; live: Live } | undefined,
  today: string,
): Stood {
  const last = model.went_live.at(-1) ?? null;
  if (judging?.model.id === model.id && (!model.valid_to || model.valid_to >= today))
    return { model, standing: "in_force", live: judging.live };
  if (last === null) return { model, standing: "never", live: null };
  return { model, standing: last.from_day > today ? "coming" : "past", live: last };
}

function byKind(one: Stood, other: Stood): number {
  return (
    KINDS.indexOf(one.model.kind) - KINDS.indexOf(other.model.kind) ||
    codeOf(one.model.id).localeCompare(codeOf(other.model.id)) ||
    numberOf(other.model.id) - numberOf(one.model.id)
  );
}

/** The version of the same code to compare one with first: the next older one. */
export function beforeOf(id: string, models: ModelSummary[]): string | undefined {
  const older = models
    .map((each) => each.id)
    .filter((each) => codeOf(each) === codeOf(id) && numberOf(each) < numberOf(id));
  return older.sort((one, other) => numberOf(other) - numberOf(one))[0];
}
