import type { components } from "../../../api/generated/classification";

export type Draft = components["schemas"]["DraftDetail"];
type Step = components["schemas"]["StepRow"];

/** What somebody had to do with a draft that keeps them from approving it; nothing where another person they are. */
export type Part = "author" | "editor" | "submitter";

/** Why this person may not approve the draft: as the service reckons it, from the draft and its trail. */
export function partOf(subject: string, draft: Draft, trail: Step[], named: string | undefined): Part | null {
  if (subject === draft.author || subject === named) return "author";
  const wrote = trail.some(({ who, what }) => who === subject && (what === "edited" || what === "created"));
  if (subject === draft.edited_by || wrote) return "editor";
  return subject === draft.submitted_by ? "submitter" : null;
}

/** Whether a run beside the live models was ever started, and whether it is at work. */
export function shadowOf(trail: Step[]): "none" | "running" | "stopped" {
  const last = trail.filter(({ what }) => what.startsWith("shadow")).at(-1);
  if (!last) return "none";
  return last.what === "shadow started" ? "running" : "stopped";
}
