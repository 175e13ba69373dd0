/** What waits for the caller. */
export function Work() {
  return null;
}
