import { expect, test } from "vitest";
import { type Clue, heapOf, newestOf } from "./clues";

const CLUE: Clue = {
  position: 1,
  clue_id: "one",
  uscc: "91510100YY00077PXW",
  name: "虚构",
  kind: "listed",
  severity: "alarm",
  legal_basis: "",
  evidence_digest: "",
  due_on: "2026-12-04",
  state: "delivered",
  action: null,
  remark: "",
  created_at: "2026-11-27T00:00:00Z",
  withdrawn_at: null,
};

test("a clue that was only received, or is overdue, still waits for an answer", () => {
  expect(heapOf({ ...CLUE, state: "acknowledged" })).toBe("to_answer");
  expect(heapOf({ ...CLUE, state: "overdue" })).toBe("to_answer");
  expect(heapOf({ ...CLUE, state: "answered" })).toBe("answered");
});

test("a clue that comes again because it was withdrawn is there once, withdrawn", () => {
  const clues = newestOf([CLUE, { ...CLUE, position: 2, state: "withdrawn" }]);

  expect(clues.map(({ state }) => state)).toEqual(["withdrawn"]);
});

test("what is due first comes first", () => {
  const later = { ...CLUE, clue_id: "two", due_on: "2026-12-09" };

  expect(newestOf([later, CLUE]).map(({ clue_id }) => clue_id)).toEqual(["one", "two"]);
});
