import { useEffect, useLayoutEffect } from "react";
import { useLocation, useNavigationType } from "react-router";

const GIVEN_UP_MS = 5000;

/** How far down each entry of the history was read. */
const places = new Map<string, number>();

/** A new page begins at its top; going back shows a page where it was left, as soon as it is long enough again. */
export function useScrollMemory(): void {
  const { key, pathname } = useLocation();
  const goesBack = useNavigationType() === "POP";
  // biome-ignore lint/correctness/useExhaustiveDependencies: a filter in the address does not move the page
  useLayoutEffect(() => {
    const place = goesBack ? (places.get(key) ?? 0) : 0;
    return scrolledTo(place);
  }, [pathname]);
  useLayoutEffect(() => {
    const remember = () => places.set(key, window.scrollY);
    remember();
    window.addEventListener("scroll", remember, { passive: true });
    return () => window.removeEventListener("scroll", remember);
  }, [key]);
  useEffect(() => {
    window.history.scrollRestoration = "manual";
    const leave = () => {
      window.history.scrollRestoration = "auto";
    };
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, []);
}

/** Scrolls there now, and again while the page grows; the person's own scrolling ends it. */
function scrolledTo(place: number): () => void {
  const grown = new ResizeObserver(() => {
    window.scrollTo(0, place);
    if (Math.abs(window.scrollY - place) < 2) end();
  });
  const end = () => {
    grown.disconnect();
    window.clearTimeout(timer);
    for (const each of ["wheel", "touchmove", "keydown"]) window.removeEventListener(each, end);
  };
  const timer = window.setTimeout(end, GIVEN_UP_MS);
  for (const each of ["wheel", "touchmove", "keydown"]) window.addEventListener(each, end, { passive: true });
  window.scrollTo(0, place);
  if (place > 0) grown.observe(document.body);
  return end;
}
