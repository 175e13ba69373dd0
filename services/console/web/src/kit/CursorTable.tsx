import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Flex, type TableProps } from "antd";
import { useWords } from "../i18n/words";
import { DataTable } from "./DataTable";
import { Failure } from "./Failure";
import { Nothing } from "./Loaded";

/** One page of a list as every service gives it. */
export interface CursorPage<Row> {
  items: Row[];
  next_cursor?: string | null;
}

interface Props<Row>
  extends Pick<TableProps<Row>, "columns" | "rowKey" | "rowSelection" | "expandable" | "onRow"> {
  /** What is asked: the service, the list and its filters. Another key is another list, from its start. */
  listKey: readonly unknown[];
  /** Reads the page after `cursor`; `openapi-fetch`'s answer is taken as it is. */
  read: (cursor: string | undefined) => Promise<{ data?: CursorPage<Row>; error?: unknown }>;
  /** What to do when the list is empty. */
  emptyHint?: string;
  label: string;
}

/** Reads the pages of a list one after another; a write that changes the list invalidates `listKey`. */
export function useCursorList<Row>(listKey: readonly unknown[], read: Props<Row>["read"]) {
  return useInfiniteQuery({
    queryKey: listKey,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => {
      const { data, error } = await read(pageParam);
      if (data === undefined) throw error;
      return data;
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** A list that the server filters and gives page by page; the next page is read on demand. */
export function CursorTable<Row extends object>({ listKey, read, emptyHint, label, ...table }: Props<Row>) {
  const words = useWords();
  const list = useCursorList(listKey, read);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.error && rows.length === 0)
    return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <section aria-label={label} aria-busy={list.isFetching}>
      <DataTable<Row>
        {...table}
        dataSource={rows}
        loading={list.isPending}
        locale={{ emptyText: list.isPending ? " " : <Nothing hint={emptyHint} /> }}
        scroll={{ x: "max-content" }}
      />
      {list.error ? <Failure error={list.error} onRetry={() => void list.fetchNextPage()} /> : null}
      {list.hasNextPage && (
        <Flex justify="center" className="no-print table-more">
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {words.more}
          </Button>
        </Flex>
      )}
    </section>
  );
}
