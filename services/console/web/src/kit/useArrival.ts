import { type RefObject, useEffect } from "react";
import { useLocation } from "react-router";

/** The address whose heading was told last; the first page after a load is told by the browser itself. */
let told: string | null = null;

/** Whoever comes to another page is put at its heading: a screen reader tells it once, and Tab goes on from there.
 *
 * A page that has a field to begin with, such as a search, puts them there itself.
 */
export function useArrival(heading: RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  useEffect(() => {
    const begun = heading.current?.closest("article")?.contains(document.activeElement);
    if (told !== null && told !== pathname && !begun) heading.current?.focus({ preventScroll: true });
    told = pathname;
  }, [pathname, heading]);
}
