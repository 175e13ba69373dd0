import { expect, test } from "vitest";
import { actOf, askedOf, callOf, changesNothing, outcomeOf } from "./access";

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

test("a request is told by what its service does with it, the closest call first", () => {
  const told = (service: string, method: string, path: string) => callOf({ service, method, path })?.zh;

  expect(told("profiling", "GET", "/v1/entities/search")).toBe("主体检索");
  expect(told("profiling", "GET", "/v1/entities/91510100YY0006AW3B")).toBe("主体画像");
  expect(told("profiling", "POST", "/v1/signals/listed|91510100YY0006AW3B|4/clear")).toBe("预警处置");
  expect(told("repair", "GET", "/v1/records/bureau|2026/17")).toBe("失信记录详情");
  expect(told("console", "POST", "/session")).toBe("登录");
});

test("a request that no service knows has no words", () => {
  expect(callOf({ service: "repair", method: "GET", path: "/v1/nothing" })).toBeNull();
  expect(callOf({ service: "ingestion", method: "GET", path: "/v1/qualityAxlsx" })).toBeNull();
  expect(
    callOf({ service: "profiling", method: "GET", path: "/v1/entities/91510100YY0006AW3B/x" }),
  ).toBeNull();
});
