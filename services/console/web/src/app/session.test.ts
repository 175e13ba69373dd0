import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { type Session, takeSession } from "./session";

const OFFICER: Session = {
  username: "wang",
  display_name: "王芳",
  subject: "wang",
  role: "area_officer",
  area: "510104",
  entity: null,
  platform: null,
  source: null,
  expires_at: "2026-11-27T10:00:00Z",
  built_in: true,
  must_change_password: false,
};

test.each([
  ["of another area forgets what was read within the first", { area: "510105" }, undefined],
  ["in another role forgets what was read in the first", { role: "approver" as const }, undefined],
  ["of the same keeps what was read", { expires_at: "2026-11-27T11:00:00Z" }, ["a warning"]],
])("who comes back %s", (_, change, kept) => {
  const client = new QueryClient();
  takeSession(client, OFFICER);
  client.setQueryData(["signals"], ["a warning"]);
  const now = { ...OFFICER, ...change };

  takeSession(client, now);

  expect(client.getQueryData(["session"])).toEqual(now);
  expect(client.getQueryData(["signals"])).toEqual(kept);
});
