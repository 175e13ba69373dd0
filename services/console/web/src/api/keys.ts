import type { Middleware } from "openapi-fetch";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const HEADER = "idempotency-key";

/** Keys of writes that were not confirmed yet, by what they ask: refused, or their answer was lost. */
const unconfirmed = new Map<string, string>();
const asked = new WeakMap<Request, string>();

/** A key nobody else has: 128 random bits. `crypto.randomUUID` is missing where a page came by plain http. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Gives every write a key, and the same key when it is sent again before it was confirmed, so that it happens once.
 *
 * A write that was refused keeps its key too: nothing is stored under it. One that was confirmed and is sent anew is
 * meant anew. Source: IETF draft-ietf-httpapi-idempotency-key-header.
 */
export const onceEach: Middleware = {
  async onRequest({ request }) {
    if (SAFE.has(request.method) || request.headers.has(HEADER)) return request;
    const what = [request.method, request.url, await request.clone().text()].join("\n");
    const key = unconfirmed.get(what) ?? newKey();
    unconfirmed.set(what, key);
    asked.set(request, what);
    request.headers.set(HEADER, key);
    return request;
  },
  onResponse({ request, response }) {
    const what = asked.get(request);
    if (what !== undefined && response.ok) unconfirmed.delete(what);
    return response;
  },
};
