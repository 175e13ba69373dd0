import { Empty, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useWords } from "../i18n/words";
import { Failure } from "./Failure";

interface Reading<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

interface Props<T> {
  reading: Reading<T>;
  /** Whether what was read is nothing to show. */
  isEmpty?: (data: T) => boolean;
  /** What to do when there is nothing. */
  emptyHint?: ReactNode;
  /** Lines of the grey shape while it loads. */
  lines?: number;
  children: (data: T) => ReactNode;
}

/** What was read, or that it is being read, failed, or is empty. */
export function Loaded<T>({ reading, isEmpty, emptyHint, lines = 4, children }: Props<T>) {
  if (reading.isPending) return <Skeleton active={false} title={false} paragraph={{ rows: lines }} />;
  if (reading.data === undefined)
    return <Failure error={reading.error} onRetry={() => void reading.refetch()} />;
  if (isEmpty?.(reading.data)) return <Nothing hint={emptyHint} />;
  return <>{children(reading.data)}</>;
}

/** Nothing to show, and what may be done about it. */
export function Nothing({ hint }: { hint?: ReactNode }) {
  const words = useWords();
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <div>{words.empty}</div>
          <div className="quiet">{hint ?? words.empty_hint}</div>
        </>
      }
    />
  );
}
