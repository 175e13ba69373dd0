import { useSyncExternalStore } from "react";
import { serverNow } from "../api/clock";
import { businessDay } from "./days";

const LOOK_AGAIN_MS = 20_000;

function watch(look: () => void): () => void {
  const timer = window.setInterval(look, LOOK_AGAIN_MS);
  return () => window.clearInterval(timer);
}

/** Today in Shanghai by the server's clock; a page that stays open past midnight learns of the new day. */
export function useToday(): string {
  return useSyncExternalStore(watch, () => businessDay(serverNow()));
}
