import { useEffect, useState } from "react";

/** The newest event of a stream of server-sent events, and whether the stream is open. */
export function useLive<T>(path: string, event: string): { newest: T | null; open: boolean } {
  const [newest, setNewest] = useState<T | null>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const source = new EventSource(`/api${path}`);
    source.addEventListener("open", () => setOpen(true));
    source.addEventListener("error", () => setOpen(false));
    source.addEventListener(event, (message) => setNewest(JSON.parse(message.data) as T));
    return () => source.close();
  }, [path, event]);
  return { newest, open };
}
