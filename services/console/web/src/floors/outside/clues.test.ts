import { expect, test } from "vitest";
import { allOf, type Clue, heapOf, newestOf } from "./clues";

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

test("all clues are read, and nothing is asked once a page is not full", async () => {
  const [one, two, three] = ["one", "two", "three"].map((clue_id) => ({ ...CLUE, clue_id }));
  const asked: number[] = [];
  const pages = [[one, two], [three]] as Clue[][];

  const clues = await allOf(async (after) => {
    asked.push(after);
    return { items: pages.shift() ?? [], next_after: after + 2 };
  }, 2);

  expect(clues.map(({ clue_id }) => clue_id)).toEqual(["one", "two", "three"]);
  expect(asked).toEqual([0, 2]);
});
