/** Told to the window when an answer says that nobody is logged in, or another than this page's person. */
export const SESSION_ENDED = "creditloop:session-ended";
const BACK = "creditloop:session-back";
const ANOTHER = "urn:creditloop:problem:another-account";

let account = "";
let waiting: Promise<void> | undefined;

/** From now on every request says that it is meant for this account: the console refuses it under another's name. */
export function actAs(username: string): void {
  account = encodeURIComponent(username);
}

/** The person of this page is logged in again: what waited for them goes on. */
export function tellBack(): void {
  window.dispatchEvent(new Event(BACK));
}

/** Resolves when the person of this page is logged in again; the page is told to ask them. */
export function back(): Promise<void> {
  waiting ??= new Promise((resolve) => {
    const over = () => {
      waiting = undefined;
      resolve();
    };
    window.addEventListener(BACK, over, { once: true });
  });
  window.dispatchEvent(new Event(SESSION_ENDED));
  return waiting;
}

async function isForAnother(response: Response): Promise<boolean> {
  if (response.status !== 409) return response.status === 401;
  const problem = (await response
    .clone()
    .json()
    .catch(() => ({}))) as { type?: string };
  return problem.type === ANOTHER;
}

/** Asks; when the session has ended, waits until its person is back, and asks once more with all that was to be sent.
 *
 * So nothing that somebody filled in is lost. An idempotency key is sent again as it was.
 */
export async function patiently(request: Request): Promise<Response> {
  if (account) request.headers.set("X-Creditloop-Account", account);
  const again = request.clone();
  const response = await fetch(request);
  if (!(await isForAnother(response))) return response;
  await back();
  return fetch(again);
}
