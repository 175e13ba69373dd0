import { expect, test } from "vitest";
import { type Flow, readPerSecond, totals } from "./flow";

function flow(at: string, read: number, oldest: string | null = null): Flow {
  const lane = { name: "a", topic: "t", partition: 0, end_offset: 20, published: 3, pending_batches: 1 };
  const lanes = [
    { ...lane, read, lag: 20 - read, oldest_pending_at: oldest },
    { ...lane, topic: null, read: 0, lag: null, end_offset: null, oldest_pending_at: null },
  ];
  return { at, lanes, open_dead_letters: 0 };
}

test("lanes add up, and a lane that reads nothing has no lag", () => {
  expect(totals(flow("2026-01-01T00:00:00Z", 15, "2026-01-01T00:00:00Z"))).toEqual({
    read: 15,
    lag: 5,
    published: 6,
    pending: 2,
    oldest: "2026-01-01T00:00:00Z",
  });
});

test("the rate is what was read between two readings", () => {
  const before = flow("2026-01-01T00:00:00Z", 5);
  expect(readPerSecond(before, flow("2026-01-01T00:00:05Z", 15))).toBe(2);
  expect(readPerSecond(undefined, before)).toBeNull();
  expect(readPerSecond(before, before)).toBeNull();
});

test("what a lane that reads has yet to read is not known while the broker does not tell", () => {
  const silent = flow("2026-01-01T00:00:00Z", 15);
  const lanes = silent.lanes.map((lane) => ({ ...lane, lag: null, end_offset: null }));
  expect(totals({ ...silent, lanes }).lag).toBeNull();
});
