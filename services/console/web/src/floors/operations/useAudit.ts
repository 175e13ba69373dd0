import { useEffect, useRef, useState } from "react";
import { meantAt } from "../../api/back";
import type { Problem } from "../../api/problem";

export interface ComparedBooks {
  books: string;
  /** What it means that the books agree. */
  zh: string;
  en: string;
  left_rows: number;
  right_rows: number;
  lost: number;
  doubled: number;
  examples: string[];
}

export interface AuditReport {
  whole: boolean;
  accepted: number;
  recorded: number;
  decided: number;
  lost: number;
  doubled: number;
  dead_letters: number;
  compared: ComparedBooks[];
  lanes_compared: number;
  batches_pending: number;
  unread: string[];
}

interface Progress {
  compared: number;
  of: number;
}

interface Auditing {
  report: AuditReport | null;
  progress: Progress | null;
  /** Why it could not be compared; null while nothing failed. */
  failure: Problem | null;
  start: () => void;
}

/** Has the console compare the books of all services, and follows how far it is; the comparison only reads. */
export function useAudit(): Auditing {
  const [report, setReport] = useState<AuditReport | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [failure, setFailure] = useState<Problem | null>(null);
  const source = useRef<EventSource | null>(null);
  useEffect(() => () => source.current?.close(), []);
  const start = () => {
    const events = new EventSource(meantAt("/api/live/audit"));
    const end = () => {
      events.close();
      setProgress(null);
    };
    source.current = events;
    setFailure(null);
    setReport(null);
    setProgress({ compared: 0, of: 0 });
    events.addEventListener("compared", ({ data }) => setProgress(JSON.parse(data)));
    events.addEventListener("audit", ({ data }) => {
      setReport(JSON.parse(data));
      end();
    });
    const fail = (problem: Problem) => {
      setFailure(problem);
      end();
    };
    events.addEventListener("problem", ({ data }) =>
      fail({ type: "about:blank", title: "", status: 503, ...JSON.parse(data) }),
    );
    events.onerror = () => fail({ type: "about:blank", title: "", status: 0 });
  };
  return { report, progress, failure, start };
}
