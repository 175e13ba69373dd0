import { expect, test } from "vitest";
import { askedOf, changesNothing, outcomeOf } from "./access";

test("the last day of a period is in it, and days are Shanghai's", () => {
  const asked = askedOf({ since: "2026-11-26", until: "2026-11-27" });

  expect(asked.get("since")).toBe("2026-11-26T00:00:00+08:00");
  expect(asked.get("until")).toBe("2026-11-27T16:00:00.000Z");
});

test("what is not asked is not sent", () => {
  expect([...askedOf({ username: "auditor", other: "x" }).keys()]).toEqual(["username", "limit"]);
});

test("who looks many things up at once has changed nothing", () => {
  expect(changesNothing({ method: "POST", path: "/v1/classes/lookup" })).toBe(true);
  expect(changesNothing({ method: "POST", path: "/v1/objections" })).toBe(false);
});

test("a refusal is told from a fault", () => {
  expect(outcomeOf(404)).toBe("refused");
  expect(outcomeOf(503)).toBe("failed");
  expect(outcomeOf(null)).toBe("no_answer");
});
