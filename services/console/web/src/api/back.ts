/** Told to the window when an answer says that nobody is logged in, or another than this page's person. */
export const SESSION_ENDED = "creditloop:session-ended";
const BACK = "creditloop:session-back";
const ANOTHER = "urn:creditloop:problem:another-account";
const ACCOUNT = "X-Creditloop-Account";

let account = "";
let waiting: Promise<void> | undefined;

/** From now on every request says that it is meant for this account: the console refuses it under another's name. */
export function actAs(username: string): void {
  account = encodeURIComponent(username);
}

/** Whether this is the account of this page. */
export function isOurs(username: string): boolean {
  return account === encodeURIComponent(username);
}

/** Says which account a request is meant for: nothing before anybody has logged in. */
export function meantFor(): Record<string, string> {
  return account ? { [ACCOUNT]: account } : {};
}

/** Whether an answer says that nobody is logged in, or another than the person it was meant for. */
export function isNotTheirs({ status, type }: { status: number; type?: string }): boolean {
  return status === 401 || (status === 409 && type === ANOTHER);
}

/** Has the page look who is logged in, and say so. */
export function tellEnded(): void {
  window.dispatchEvent(new Event(SESSION_ENDED));
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
  tellEnded();
  return waiting;
}

async function isForAnother(response: Response): Promise<boolean> {
  const { status } = response;
  if (status !== 409) return isNotTheirs({ status });
  const problem: { type?: string } = await response
    .clone()
    .json()
    .catch(() => ({}));
  return isNotTheirs({ status, type: problem.type });
}

/** Asks; when the session has ended, waits until its person is back, and asks once more with all that was to be sent.
 *
 * So nothing that somebody filled in is lost. An idempotency key is sent again as it was.
 */
export async function patiently(request: Request): Promise<Response> {
  for (const [name, value] of Object.entries(meantFor())) request.headers.set(name, value);
  const again = request.clone();
  const response = await fetch(request);
  if (!(await isForAnother(response))) return response;
  await back();
  return fetch(again);
}

/** The address for what cannot send a header, such as a stream of events: it says itself for whom it is meant. */
export function meantAt(address: string): string {
  return account ? `${address}?account=${account}` : address;
}
