import { expect, test } from "vitest";
import { asked, counted, letterOf } from "./model";

test("a state that has no visits is counted as none; nothing is told before the answer", () => {
  const counts = [{ state: "done", tasks: 3, overdue: 0 }];
  expect(counted(counts, "done")?.tasks).toBe(3);
  expect(counted(counts, "assigned")?.tasks).toBe(0);
  expect(counted(undefined, "done")).toBeUndefined();
});

test("visits are asked for as the address says; an unknown state is all", () => {
  expect(asked({ state: "done", due: "-1" }, "2026-11-27")).toMatchObject({
    state: "done",
    due_by: "2026-11-26",
  });
  expect(asked({ state: "lost" }, "2026-11-27").state).toBeUndefined();
});

test("a stratum of a class names it", () => {
  expect(letterOf("class:C")).toBe("C");
  expect(letterOf("key")).toBeNull();
});
