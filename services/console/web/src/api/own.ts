import { patiently } from "./back";
import { OURS } from "./client";
import { noteServerTime } from "./clock";
import type { Problem } from "./problem";

/** The console's own routes, which are no service's: session, vocabulary, accounts, access log.
 *
 * `quiet` takes any answer as it is; otherwise what was asked waits for a person whose session has ended.
 *
 * @throws {Problem} the answer is not one of success.
 */
export async function own<T>(path: string, init: RequestInit & { quiet?: boolean } = {}): Promise<T> {
  const headers = { ...OURS, ...(init.body ? { "Content-Type": "application/json" } : {}), ...init.headers };
  const request = new Request(`/api${path}`, { ...init, headers });
  const response = await (init.quiet ? fetch(request) : patiently(request));
  noteServerTime(response);
  if (!response.ok) throw await problemIn(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** The problem that an answer tells of, or what we make of one that tells none. */
export async function problemIn(response: Response): Promise<Problem> {
  const unreadable = { type: "about:blank", title: response.statusText, status: response.status };
  return (await response.json().catch(() => unreadable)) as Problem;
}
