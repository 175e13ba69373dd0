import { expect, test } from "vitest";
import { dayInShanghai, dayOf, daysOf, instantsKnown, numberOf, standingOf, stepOf } from "./clocks";

const FACTS = [
  { number: 1, occurred_at: "2022-05-20T16:00:00Z", recorded_at: "2026-11-27T03:49:55.045000Z" },
  { number: 2, occurred_at: "2026-11-18T02:39:01Z", recorded_at: "2026-11-27T03:50:13.317000Z" },
  { number: 3, occurred_at: "2026-11-22T03:12:19Z", recorded_at: "2026-11-27T03:50:13.317000Z" },
];

test("midnight in Shanghai begins the day, not midnight in London", () => {
  expect(dayInShanghai("2022-05-20T16:00:00Z")).toBe("2022-05-21");
  expect(dayInShanghai("2022-05-20T15:59:59Z")).toBe("2022-05-20");
});

test("days are numbers and come back as they were", () => {
  expect(dayOf(numberOf("2026-02-28") + 1)).toBe("2026-03-01");
});

test("what became known at one instant is one step of that clock", () => {
  expect(instantsKnown(FACTS)).toEqual(["2026-11-27T03:49:55.045000Z", "2026-11-27T03:50:13.317000Z"]);
});

test("an instant stands at the last step that is not after it", () => {
  const instants = instantsKnown(FACTS);

  expect(
    ["2020-01-01T00:00:00Z", instants[0] ?? "", "2026-11-27T03:50:00Z", "2027-01-01T00:00:00Z"].map((at) =>
      stepOf(instants, at),
    ),
  ).toEqual([0, 0, 0, 1]);
});

test("a fact held when it had occurred by the end of the day and was known", () => {
  const pair = { valid: "2026-11-18", known: "2026-11-27T03:50:13.317000Z" };

  expect(FACTS.map((fact) => standingOf(fact, pair))).toEqual(["held", "held", "later"]);
  expect(FACTS.map((fact) => standingOf(fact, { ...pair, known: "2026-11-27T03:50:00Z" }))).toEqual([
    "held",
    "unknown",
    "unknown",
  ]);
});

test("the days that can be asked for reach from the first fact to the business day", () => {
  expect(daysOf(FACTS, "2026-11-27").map(dayOf)).toEqual(["2022-05-21", "2026-11-27"]);
});
