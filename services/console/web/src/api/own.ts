import { OURS, SESSION_ENDED } from "./client";
import { noteServerTime } from "./clock";
import type { Problem } from "./problem";

/** The console's own routes, which are no service's: session, vocabulary, accounts, access log.
 *
 * @throws {Problem} the answer is not one of success.
 */
export async function own<T>(path: string, init: RequestInit & { quiet?: boolean } = {}): Promise<T> {
  const headers = { ...OURS, ...(init.body ? { "Content-Type": "application/json" } : {}), ...init.headers };
  const response = await fetch(`/api${path}`, { ...init, headers });
  noteServerTime(response);
  if (response.status === 401 && !init.quiet) window.dispatchEvent(new Event(SESSION_ENDED));
  if (!response.ok) throw (await response.json().catch(() => unreadable(response))) as Problem;
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function unreadable(response: Response): Problem {
  return { type: "about:blank", title: response.statusText, status: response.status };
}
