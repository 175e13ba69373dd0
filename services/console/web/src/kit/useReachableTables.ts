import { useEffect } from "react";

/** A table wider than its place is scrolled by keyboard too: antd gives the part that scrolls no place in the order. */
export function useReachableTables() {
  useEffect(() => {
    const reach = () => {
      for (const part of document.querySelectorAll<HTMLElement>(".ant-table-content:not([tabindex])"))
        if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    };
    const watch = new MutationObserver(reach);
    watch.observe(document.body, { childList: true, subtree: true });
    reach();
    return () => watch.disconnect();
  }, []);
}
