import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { actAs, isNotTheirs, meantAt, meantFor, patiently, SESSION_ENDED, tellBack } from "./back";

const heard: { key: unknown; account: unknown; body: string }[] = [];
const answers: [number, object][] = [];
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  heard.push({
    key: request.headers["idempotency-key"],
    account: request.headers["x-creditloop-account"],
    body,
  });
  const [status, told] = answers.shift() ?? [201, {}];
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(told));
});
let url = "";

beforeAll(async () => {
  vi.stubGlobal("window", new EventTarget());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/write`;
  actAs("安娜");
});
afterAll(() => server.close());

function write() {
  heard.length = 0;
  const headers = { "idempotency-key": "k-1" };
  return patiently(new Request(url, { method: "POST", headers, body: '{"reason":"typed"}' }));
}

/** Resolves when the page is told to ask its person to log in. */
function ended() {
  return new Promise((resolve) => window.addEventListener(SESSION_ENDED, resolve, { once: true }));
}

test.each([
  ["the session had ended", 401, {}],
  ["another account was there", 409, { type: "urn:creditloop:problem:another-account" }],
])("a write that was refused because %s waits, and is sent again as it was", async (_, status, told) => {
  answers.push([status, told]);
  const asked = ended();
  const answer = write();
  await asked;
  expect(heard).toHaveLength(1);
  tellBack();

  expect((await answer).status).toBe(201);
  expect(heard[1]).toEqual({ key: "k-1", account: encodeURIComponent("安娜"), body: '{"reason":"typed"}' });
  expect(heard[1]).toEqual(heard[0]);
});

test("an answer that stays a refusal is the answer, and no other conflict waits", async () => {
  answers.push([401, {}], [401, {}]);
  const asked = ended();
  const refused = write();
  await asked;
  tellBack();
  expect((await refused).status).toBe(401);

  answers.push([409, { type: "urn:creditloop:problem:conflict" }]);
  expect((await write()).status).toBe(409);
});

test("what is sent otherwise says the same account, and is told apart by the same answers", () => {
  expect(meantFor()).toEqual({ "X-Creditloop-Account": encodeURIComponent("安娜") });
  expect(isNotTheirs({ status: 401 })).toBe(true);
  expect(isNotTheirs({ status: 409, type: "urn:creditloop:problem:another-account" })).toBe(true);
  expect(isNotTheirs({ status: 409, type: "urn:creditloop:problem:conflict" })).toBe(false);
});

test("what can send no header says in its address for whom it is meant", () => {
  expect(meantAt("/api/live/stages")).toBe(`/api/live/stages?account=${encodeURIComponent("安娜")}`);
});
