import { repair } from "../api/client";
import type { components } from "../api/generated/repair";
import type { CursorPage } from "../kit/CursorTable";

export type RepairRecord = components["schemas"]["RecordOut"];

export const recordsKey = (uscc: string) => ["records", "of", uscc] as const;

/** One page of the entity's records. */
export async function readRecords(
  uscc: string,
  cursor: string | undefined,
): Promise<{ data?: CursorPage<RepairRecord>; error?: unknown }> {
  return repair.call.GET("/v1/records", { params: { query: { uscc, limit: 50, cursor } } });
}
