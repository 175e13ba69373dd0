/** How far the server's clock is ahead of this browser's; known from the first answer on. */
let aheadMs = 0;

/** Takes the server's time from an answer: browsers' clocks may be wrong by days. */
export function noteServerTime({ headers }: Response): void {
  const told = Date.parse(headers.get("date") ?? "");
  if (!Number.isNaN(told)) aheadMs = told - Date.now();
}

/** What time it is for the services. */
export function serverNow(): Date {
  return new Date(Date.now() + aheadMs);
}
