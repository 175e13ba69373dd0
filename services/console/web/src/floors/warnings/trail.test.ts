import { expect, test } from "vitest";
import type { SignalFile } from "./model";
import { trailOf } from "./trail";

function file(more: Partial<SignalFile>): SignalFile {
  const plain = {
    raised_at: "2026-11-01T01:00:00Z",
    updated_at: null,
    updates: 0,
    cleared_on: null,
    cleared_by: null,
  };
  return { ...plain, steps: [], verdicts: [], ...more } as unknown as SignalFile;
}

test("steps and verdicts stand among what the system did, the newest first", () => {
  const step = { step_id: 1, at: "2026-11-03T01:00:00Z", by: "a", kind: "acted", action: "phoned", note: "" };
  const verdict = { useful: false, note: "n", judged_by: "b", judged_at: "2026-11-04T01:00:00Z" };
  const grown = { updated_at: "2026-11-02T01:00:00Z", updates: 2 };
  const entries = trailOf(file({ ...grown, steps: [step], verdicts: [verdict] } as Partial<SignalFile>));
  expect(entries.map((each) => each.kind)).toEqual(["not_useful", "acted", "updated", "raised"]);
});

test("one whose cause is over was cleared by nobody", () => {
  const over = trailOf(file({ cleared_on: "2026-11-05" }));
  const settled = trailOf(file({ cleared_on: "2026-11-05", cleared_by: "a" }));
  expect(over.map((each) => each.kind)).toEqual(["over", "raised"]);
  expect(settled.map((each) => each.kind)).toEqual(["raised"]);
});
