import { expect, test } from "vitest";
import { asked, countOf, objectionsAsked, type RecordCount } from "./model";

test("open records are asked for unless the address says otherwise", () => {
  expect(asked({}).state).toBe("open");
  expect(asked({ state: "all", kind: "penalty" })).toMatchObject({ state: undefined, kind: "penalty" });
  expect(asked({ kind: "nothing" }).kind).toBeUndefined();
});

test("records of a kind are added up over tiers", () => {
  const counts = [
    { kind: "penalty", tier: "minor", state: "open", stop_reason: null, records: 2 },
    { kind: "penalty", tier: "general", state: "open", stop_reason: null, records: 3 },
    { kind: "penalty", tier: "minor", state: "stopped", stop_reason: "expired", records: 9 },
  ] as RecordCount[];
  expect(countOf(counts, "penalty", "open")).toBe(5);
  expect(countOf(counts, "serious_listing", "open")).toBe(0);
});

test("overdue ones are open ones whose term is over", () => {
  expect(objectionsAsked("overdue")).toEqual({ overdue: true });
  expect(objectionsAsked("upheld")).toEqual({ state: "upheld", overdue: false });
  expect(objectionsAsked("upheld", "510104")).toMatchObject({ area: "510104" });
});
