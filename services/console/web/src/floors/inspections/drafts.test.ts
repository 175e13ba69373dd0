import { expect, test } from "vitest";
import { draftOf, draftsOf, forgetDraft, type Kept, keepDraft, resultOf, switched, typed } from "./drafts";

/** A storage that lives as long as a test. */
function storage(): Kept {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (at) => [...items.keys()][at] ?? null,
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, text) => void items.set(name, text),
    removeItem: (name) => void items.delete(name),
  };
}

const DRAFT = { codes: ["pending"], at: "2026-11-27T10:30", remark: " seen ", key: "k", toSend: false };

test("a draft is kept until it was sent, apart for each person", () => {
  const kept = storage();
  keepDraft(kept, "wang", "task-1", DRAFT);
  keepDraft(kept, "wang", "task-2", { ...DRAFT, toSend: true });
  keepDraft(kept, "li", "task-1", { ...DRAFT, remark: "other" });
  expect(draftOf(kept, "wang", "task-1")).toEqual(DRAFT);
  forgetDraft(kept, "wang", "task-1");
  expect([...draftsOf(kept, "wang").keys()]).toEqual(["task-2"]);
  expect(draftOf(kept, "li", "task-1")?.remark).toBe("other");
});

test("a draft that cannot be read is none", () => {
  const kept = storage();
  kept.setItem("creditloop.visit wang task-1", "{");
  expect(draftOf(kept, "wang", "task-1")).toBeNull();
  expect(draftsOf(kept, "wang").size).toBe(0);
});

test("a result says when the visit ended in Shanghai", () => {
  expect(resultOf(DRAFT)).toEqual({
    result_codes: ["pending"],
    occurred_at: "2026-11-27T10:30:00+08:00",
    remark: "seen",
  });
  expect(typed(new Date("2026-11-27T02:30:40Z"))).toBe("2026-11-27T10:30");
});

test("a result that stands alone takes the place of the others, and gives way to them", () => {
  const alone = (code: string) => code === "no_problem";
  expect(switched(["pending"], "no_problem", alone)).toEqual(["no_problem"]);
  expect(switched(["no_problem"], "pending", alone)).toEqual(["pending"]);
  expect(switched(["pending"], "corrected", alone)).toEqual(["pending", "corrected"]);
  expect(switched(["pending"], "pending", alone)).toEqual([]);
});
