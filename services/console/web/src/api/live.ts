import { useEffect, useState } from "react";
import { back, isOurs, meantAt } from "./back";
import { BY_ITSELF } from "./client";
import { own } from "./own";

const AGAIN_MS = 5000;

/** The newest event of a stream of server-sent events, and whether the stream is open.
 *
 * The browser itself resumes a stream that broke. One that was refused is asked for again while the session lasts.
 */
export function useLive<T>(path: string, event: string): { newest: T | null; open: boolean } {
  const [newest, setNewest] = useState<T | null>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    let gone = false;
    let end = () => {};
    const begin = () => {
      const source = new EventSource(meantAt(`/api${path}`));
      let waiting: number | undefined;
      source.addEventListener("open", () => setOpen(true));
      source.addEventListener(event, (message) => setNewest(JSON.parse(message.data) as T));
      source.addEventListener("error", () => {
        setOpen(false);
        if (source.readyState === EventSource.CLOSED) waiting = window.setTimeout(again, AGAIN_MS);
      });
      end = () => {
        window.clearTimeout(waiting);
        source.close();
      };
    };
    const again = () => void loggedIn().then(() => !gone && begin());
    begin();
    return () => {
      gone = true;
      end();
    };
  }, [path, event]);
  return { newest, open };
}

/** Resolves once the session of this page's account lasts, as far as anybody answers. */
async function loggedIn(): Promise<void> {
  const asked = own<{ username: string } | undefined>("/session", { quiet: true, ...BY_ITSELF });
  const session = await asked.catch(() => null);
  if (session === undefined || (session && !isOurs(session.username))) await back();
}
