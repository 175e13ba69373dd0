import createFetchClient from "openapi-fetch";
import { expect, test } from "vitest";
import { newKey, onceEach } from "./keys";

type Paths = Record<
  "/write",
  { post: { requestBody?: { content: { "application/json": unknown } }; responses: Record<never, never> } }
>;

/** A client of a service that answers as told, and the keys it was sent. */
function service(...answers: (number | "lost")[]) {
  const keys: (string | null)[] = [];
  const client = createFetchClient<Paths>({
    baseUrl: "http://service.test",
    fetch: async (request) => {
      keys.push(request.headers.get("idempotency-key"));
      const status = answers.shift();
      if (status === "lost" || status === undefined) throw new TypeError("no answer");
      return new Response("{}", { status, headers: { "content-type": "application/json" } });
    },
  });
  client.use(onceEach);
  const write = (body: unknown) => client.POST("/write", { body }).catch(() => undefined);
  return { keys, write };
}

test("a write whose answer was lost is sent again under its key, and anew once it was confirmed", async () => {
  const { keys, write } = service("lost", 503, 201, 201);
  for (let times = 0; times < 4; times += 1) await write({ reason: "one" });
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(keys[3]).not.toBe(keys[0]);
});

test("another write has another key, also while the first waits", async () => {
  const { keys, write } = service("lost", 201);
  await write({ reason: "another" });
  await write({ reason: "yet another" });
  expect(new Set(keys).size).toBe(2);
});

test("keys are 128 bits, and never the same", () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(Array.from({ length: 100 }, newKey)).size).toBe(100);
});
