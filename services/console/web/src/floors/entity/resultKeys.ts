/** Links of what was found, in their order on the page. */
function results(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-result]")];
}

/** Moves the focus to the result at this place; false where there is none. */
export function focusResult(at: number): boolean {
  const found = results()[at];
  found?.focus();
  return found !== undefined;
}

/** Moves the focus from one result to the next or the one before; before the first is the box. */
export function moveFocus(from: HTMLElement, step: 1 | -1, box: HTMLElement | null): void {
  const at = results().indexOf(from) + step;
  if (at < 0) box?.focus();
  else focusResult(at);
}

/** Opens the best result of what is asked now; while it is being looked for, there is none. */
export function openFirst(): void {
  document.querySelector<HTMLElement>('[aria-busy="false"] [data-result]')?.click();
}
