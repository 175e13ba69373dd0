import { useQuery } from "@tanstack/react-query";
import { profiling } from "../../api/client";

/** The names of entities by their codes; a code that is not known, or of another area, has none. */
export function useEntityNames(usccs: string[]): ReadonlyMap<string, string> {
  const sorted = [...new Set(usccs)].sort();
  const { data } = useQuery({
    queryKey: ["entity-names", sorted],
    queryFn: async () => {
      const { data: found } = await profiling.call.POST("/v1/entities/lookup", { body: { usccs: sorted } });
      return new Map(found?.map(({ uscc, name }) => [uscc, name]) ?? []);
    },
    enabled: sorted.length > 0,
    staleTime: 300_000,
  });
  return data ?? NONE;
}

const NONE: ReadonlyMap<string, string> = new Map();
