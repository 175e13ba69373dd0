import type { components } from "../../../api/generated/classification";

export type Intervention = components["schemas"]["InterventionRow"];

/** How far an adjustment has come. */
export const STATES = ["proposed", "in_force", "refused", "ended"] as const;

/** What is read anew after an adjustment moved: its entity is judged anew with it. */
export const CHANGES = [["get"], ["post"], ["interventions"], ["decisions"]] as const;
