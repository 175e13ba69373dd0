import { expect, test } from "vitest";
import { addressOf, type Counts, queuesOf } from "./queues";

const SIGNALS: Counts["signals"] = [
  { state: "open", severity: "alarm", signals: 4, mine: 1, unassigned: 2, overdue: 3 },
  { state: "open", severity: "notice", signals: 6, mine: 0, unassigned: 6, overdue: 0 },
  { state: "cleared", severity: "alarm", signals: 90, mine: 0, unassigned: 90, overdue: 0 },
];

test("open signals are added up over severities, and what is settled is not work", () => {
  const [signals] = queuesOf("area_officer", { signals: SIGNALS });

  expect(signals?.figure).toBe(10);
  expect(Object.fromEntries(signals?.aspects ?? [])).toEqual({ overdue: 3, mine: 1, unassigned: 8 });
});

test("a visit that is done is not work", () => {
  const tasks = [
    { state: "assigned", tasks: 3, overdue: 1 },
    { state: "done", tasks: 90, overdue: 0 },
  ] as Counts["tasks"];

  const [visits] = queuesOf("inspector", { tasks });

  expect(visits).toMatchObject({ name: "my_tasks", figure: 3, aspects: [["overdue", 1]] });
});

test("only clues that are overdue and notices that failed need somebody", () => {
  const notices = [
    { what: "clue", group: "market", state: "overdue", count: 2 },
    { what: "clue", group: "market", state: "answered", count: 9 },
    { what: "notice", group: "repair_notice", state: "failed", count: 1 },
    { what: "notice", group: "repair_notice", state: "delivered", count: 70 },
  ];

  const figures = queuesOf("city_administrator", { notices }).map(({ name, figure }) => [name, figure]);

  expect(Object.fromEntries(figures)).toMatchObject({ clues: 2, notices: 1 });
});

test("what has not come yet is not said to be nothing", () => {
  expect(queuesOf("city_administrator", {}).every(({ figure }) => figure === undefined)).toBe(true);
});

test("whoever works no queue here has none", () => {
  expect(queuesOf("enterprise", {})).toEqual([]);
});

test("what waits for a decision is told to those who may decide, and only as open to others", () => {
  const work = { objections_open: 3, objections_decidable: 2, objections_due: 1, objections_overdue: 0 };
  const aspects = (role: "approver" | "repair_officer") =>
    queuesOf(role, { work: work as Counts["work"] })
      .find(({ name }) => name === "objections")
      ?.aspects.map(([aspect]) => aspect);

  expect(aspects("approver")).toContain("decidable");
  expect(aspects("repair_officer")).toEqual(["overdue", "due"]);
});

test("a queue is worked in the area that is shown, where its page can be limited to one", () => {
  const addresses = queuesOf("city_administrator", {}).map((queue) => addressOf(queue, "510104"));

  expect(addresses).toContain("/warnings?area=510104");
  expect(addresses).toContain("/inspections?area=510104");
  expect(addresses).toContain("/repair/objections?area=510104");
  expect(addresses).toContain("/models/interventions?area=510104");
  expect(addresses).toContain("/collection/quarantine");
  expect(queuesOf("approver", {}).map((queue) => addressOf(queue, undefined))).toContain(
    "/models/drafts?state=submitted",
  );
});
