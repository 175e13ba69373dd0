import { expect, test } from "vitest";
import { actOf, askedOf, changesNothing, outcomeOf } from "./access";

test("the last day of a period is in it, and days are Shanghai's", () => {
  const asked = askedOf({ since: "2026-11-26", until: "2026-11-27" });

  expect(asked.get("since")).toBe("2026-11-26T00:00:00+08:00");
  expect(asked.get("until")).toBe("2026-11-27T16:00:00.000Z");
});

test("what is not asked is not sent", () => {
  expect([...askedOf({ username: "auditor", other: "x" }).keys()]).toEqual(["username", "limit"]);
});

test.each([
  "/v1/classes/lookup",
  "/v1/entities/lookup",
  "/v1/drafts/check",
  "/v1/models/what-if",
  "/v1/replays",
  "/v1/dead-letters/17/check",
  "/v1/sources/registry/mappings/daily/suggest",
])("who looks up, checks or tries by POST %s has changed nothing", (path) => {
  expect(changesNothing({ method: "POST", path })).toBe(true);
});

test.each([
  "/v1/objections",
  "/v1/files/0198c2b4-0000-7000-8000-000000000000/check",
  "/v1/quarantine/corrections.xlsx",
  "/v1/dead-letters/17/replay",
])("who sends %s has changed something", (path) => {
  expect(changesNothing({ method: "POST", path })).toBe(false);
});

test("who logs in or out has neither looked nor changed anything", () => {
  expect(actOf({ service: "console", method: "POST", path: "/session" })).toBe("session");
  expect(actOf({ service: "console", method: "GET", path: "/oidc/callback" })).toBe("session");
  expect(actOf({ service: "console", method: "POST", path: "/session/password" })).toBe("changed");
  expect(actOf({ service: "repair", method: "GET", path: "/v1/records" })).toBe("read");
});

test("a refusal is told from a fault", () => {
  expect(outcomeOf(404)).toBe("refused");
  expect(outcomeOf(503)).toBe("failed");
  expect(outcomeOf(null)).toBe("no_answer");
});
