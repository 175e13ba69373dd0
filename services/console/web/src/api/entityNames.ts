import { useQuery } from "@tanstack/react-query";
import { profiling } from "./client";

/** The names of these entities by their code, asked in one call; one that the caller may not see has none. */
export function useEntityNames(usccs: readonly string[]): Map<string, string> {
  const asked = [...new Set(usccs)].sort();
  const { data } = useQuery({
    queryKey: ["entity-names", asked],
    enabled: asked.length > 0,
    queryFn: async () => {
      const { data, error } = await profiling.call.POST("/v1/entities/lookup", { body: { usccs: asked } });
      if (data === undefined) throw error;
      return data;
    },
  });
  return new Map(data?.map(({ uscc, name }) => [uscc, name]));
}
