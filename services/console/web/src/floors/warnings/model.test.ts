import { expect, test } from "vitest";
import { asked, limits, pathOf, tabCounts, tabOf } from "./model";

const COUNTS = [
  { state: "open", severity: "alarm", signals: 3, mine: 1, unassigned: 2, overdue: 1 },
  { state: "open", severity: "notice", signals: 4, mine: 2, unassigned: 2, overdue: 0 },
  { state: "snoozed", severity: "alarm", signals: 5, mine: 5, unassigned: 0, overdue: 5 },
];

test("tabs show what the service counted, over all severities", () => {
  expect(tabCounts(COUNTS)).toEqual({ open: 7, mine: 3, snoozed: 5, suppressed: 0, cleared: 0 });
});

test("tabs count only what has the severity that the list is limited to", () => {
  expect(tabCounts(COUNTS, "alarm")).toMatchObject({ open: 3, mine: 1, snoozed: 5 });
});

test("one's own are open ones; an unknown tab is what is to be done", () => {
  expect(asked({ tab: "mine" }, "2026-11-27")).toMatchObject({ state: "open", mine: true });
  expect(tabOf("nothing")).toBe("open");
});

test("a due day is asked for as the day after the last", () => {
  expect(limits({ due: "0" }, "2026-11-27").due_before).toBe("2026-11-27");
  expect(limits({ due: "4" }, "2026-11-27").due_before).toBe("2026-12-01");
});

test("nobody's are asked for as such", () => {
  expect(limits({ assignee: "-" }, "2026-11-27")).toMatchObject({ assignee: undefined, unassigned: true });
});

test("an identifier with bars stands in an address", () => {
  expect(pathOf("listed|91|1")).toBe("/warnings/listed%7C91%7C1");
});
