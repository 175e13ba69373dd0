import { Button, Skeleton } from "antd";
import type { Key, ReactNode } from "react";
import { useWords } from "../i18n/words";
import { type CursorPage, useCursorList } from "./CursorTable";
import { Failure } from "./Failure";
import { Nothing } from "./Loaded";

interface Props<Row> {
  listKey: readonly unknown[];
  read: (cursor: string | undefined) => Promise<{ data?: CursorPage<Row>; error?: unknown }>;
  rowKey: (row: Row) => Key;
  card: (row: Row) => ReactNode;
  emptyHint?: string;
  label: string;
}

/** A list as `CursorTable` reads it, as cards one under another: for a phone. */
export function CursorCards<Row>({ listKey, read, rowKey, card, emptyHint, label }: Props<Row>) {
  const words = useWords();
  const list = useCursorList(listKey, read);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <Skeleton active={false} paragraph={{ rows: 6 }} />;
  if (list.error && rows.length === 0)
    return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (rows.length === 0) return <Nothing hint={emptyHint} />;
  return (
    <section aria-label={label} aria-busy={list.isFetching}>
      <ul className="cards">
        {rows.map((row) => (
          <li key={rowKey(row)}>{card(row)}</li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          block
          className="no-print"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {words.more}
        </Button>
      )}
    </section>
  );
}
