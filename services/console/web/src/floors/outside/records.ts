import type { components } from "../../api/generated/repair";

export type OwnRecord = components["schemas"]["OwnRecord"];

/** How repair of a record stands for the enterprise today. */
export type Repair = "stopped" | "unpublished" | "now" | "later" | "never";

/** Whether repair may be applied for today, later, or not at all; of what is never public there is nothing to repair. */
export function repairOf(record: OwnRecord, today: string): Repair {
  if (record.published_on === null) return "unpublished";
  if (record.state === "stopped") return "stopped";
  if (record.apply_from === null) return "never";
  return record.apply_from <= today ? "now" : "later";
}
