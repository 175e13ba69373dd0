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
  if (!response.ok) throw (await response.json().catch(() => unreadable(response))) as Problem;
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function unreadable(response: Response): Problem {
  return { type: "about:blank", title: response.statusText, status: response.status };
}
