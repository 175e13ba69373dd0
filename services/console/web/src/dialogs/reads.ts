import { useEffect, useMemo } from "react";
import { classification, profiling } from "../api/client";
import type { components } from "../api/generated/profiling";
import { useCursorList } from "../kit/CursorTable";

type Fact = components["schemas"]["FactView"];

/** Every read of a class is logged, so what was read is shown for a minute before it is asked again. */
const MINUTE = { staleTime: 60_000 };

/** The class of an entity with what gave its points. */
export function useExplained(uscc: string) {
  return classification.useQuery("get", "/v1/entities/{uscc}/class", { params: { path: { uscc } } }, MINUTE);
}

/** All facts of an entity in the order they became known, read page after page. */
export function useFacts(uscc: string) {
  const list = useCursorList<Fact>(["facts", uscc], (cursor) =>
    profiling.call.GET("/v1/entities/{uscc}/facts", {
      params: { path: { uscc }, query: { limit: 1000, cursor } },
    }),
  );
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const facts = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  return { list, facts };
}
