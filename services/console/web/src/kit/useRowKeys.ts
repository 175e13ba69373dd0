import { useEffect } from "react";

const ROWS = "[data-row-link]";

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [role=dialog]") !== null;
}

/** J and K go to the next and the last row's link, marked `data-row-link`; Enter follows it as any link. */
export function useRowKeys(): void {
  useEffect(() => {
    const step = (event: KeyboardEvent) => {
      const by = { j: 1, k: -1 }[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target))
        return;
      const links = [...document.querySelectorAll<HTMLElement>(ROWS)];
      const at = links.indexOf(document.activeElement as HTMLElement);
      links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
    };
    window.addEventListener("keydown", step);
    return () => window.removeEventListener("keydown", step);
  }, []);
}
