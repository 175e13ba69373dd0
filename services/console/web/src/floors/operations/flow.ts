import type { components } from "../../api/generated/repair";

export type Flow = components["schemas"]["Flow"];
export type LaneFlow = components["schemas"]["LaneFlow"];

/** What a service's lanes come to together; the oldest batch is null where none waits, the lag where one that reads
 * cannot tell its own. */
export function totals({ lanes }: Flow) {
  const sum = (of: (lane: LaneFlow) => number) => lanes.reduce((all, lane) => all + of(lane), 0);
  const waiting = lanes.flatMap(({ oldest_pending_at }) => oldest_pending_at ?? []).sort();
  return {
    read: sum((lane) => lane.read),
    lag: lanes.some(({ topic, lag }) => topic !== null && lag === null) ? null : sum((lane) => lane.lag ?? 0),
    published: sum((lane) => lane.published),
    pending: sum((lane) => lane.pending_batches),
    oldest: waiting[0] ?? null,
  };
}

/** Records read each second between two readings; null before there are two. */
export function readPerSecond(before: Flow | undefined, after: Flow): number | null {
  if (before === undefined) return null;
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1000;
  return seconds > 0 ? Math.max(0, totals(after).read - totals(before).read) / seconds : null;
}
