import { profiling } from "../../api/client";

/** Names of entities by code, read at once; undefined where none is known to the caller. */
export function useEntityNames(usccs: readonly string[]): (uscc: string) => string | undefined {
  const asked = [...new Set(usccs)].sort().slice(0, 1000);
  const { data } = profiling.useQuery(
    "post",
    "/v1/entities/lookup",
    { body: { usccs: asked } },
    { enabled: asked.length > 0, staleTime: 600_000 },
  );
  return (uscc) => data?.find((each) => each.uscc === uscc)?.name;
}
