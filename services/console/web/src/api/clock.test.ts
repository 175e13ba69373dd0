import { afterEach, expect, test, vi } from "vitest";
import { noteServerTime, serverNow } from "./clock";

afterEach(() => vi.useRealTimers());

test("a browser whose clock is a week wrong goes by the server's", () => {
  vi.useFakeTimers({ now: new Date("2026-12-04T01:00:00Z") });

  noteServerTime(new Response(null, { headers: { date: "Fri, 27 Nov 2026 01:00:00 GMT" } }));
  vi.setSystemTime(new Date("2026-12-04T01:30:00Z"));

  expect(serverNow().toISOString()).toBe("2026-11-27T01:30:00.000Z");
});

test("an answer that tells no time changes nothing", () => {
  vi.useFakeTimers({ now: new Date("2026-12-04T01:00:00Z") });
  noteServerTime(new Response(null, { headers: { date: "Fri, 27 Nov 2026 01:00:00 GMT" } }));

  noteServerTime(new Response(null));

  expect(serverNow().toISOString()).toBe("2026-11-27T01:00:00.000Z");
});
