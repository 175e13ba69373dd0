import { useMemo } from "react";
import { sampling } from "./client";

/** The items that inspections look into, by their code; read once. */
export function useItems() {
  const { data } = sampling.useQuery("get", "/v1/items", {}, { staleTime: Number.POSITIVE_INFINITY });
  return useMemo(() => new Map((data ?? []).map((each) => [each.code, each])), [data]);
}
