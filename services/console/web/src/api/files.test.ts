import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SESSION_ENDED, tellBack } from "./back";
import { fetchFile } from "./files";

const answers: [number, Record<string, string>, string][] = [];
const server = createServer((_, response) => {
  const [status, headers, body] = answers.shift() ?? [500, {}, ""];
  response.writeHead(status, headers).end(body);
});
let url = "";

beforeAll(async () => {
  vi.stubGlobal("window", new EventTarget());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/quality.xlsx?first=2026-01-01`;
});
afterAll(() => server.close());

test("a file waits for a person whose session has ended, and has the service's name", async () => {
  const named = { "content-disposition": 'attachment; filename="data-quality.xlsx"' };
  answers.push([401, {}, "{}"], [200, named, "PK"]);
  const asked = new Promise((resolve) => window.addEventListener(SESSION_ENDED, resolve, { once: true }));

  const fetched = fetchFile(url);
  await asked;
  tellBack();

  const { name, content } = await fetched;
  expect([name, await content.text()]).toEqual(["data-quality.xlsx", "PK"]);
});

test("a name beyond ASCII is taken before the plain one", async () => {
  const named = {
    "content-disposition": "attachment; filename=\"9151.xlsx\"; filename*=UTF-8''%E5%BA%97_9151.xlsx",
  };
  answers.push([200, named, "PK"]);

  expect((await fetchFile(url)).name).toBe("店_9151.xlsx");
});

test("a file without a name is called by its address, and a refusal is a problem", async () => {
  answers.push([200, {}, "PK"], [409, { "content-type": "application/json" }, '{"status":409,"title":"no"}']);

  expect((await fetchFile(url)).name).toBe("quality.xlsx");
  await expect(fetchFile(url)).rejects.toEqual({ status: 409, title: "no" });
});
