import { useMemo } from "react";
import { useNamed } from "../i18n/language";
import { profiling } from "./client";

/** Names an indicator by its code; the list is read once, and a code it does not have stays as it is. */
export function useIndicatorName(): (code: string) => string {
  const { data } = profiling.useQuery("get", "/v1/catalogue", {}, { staleTime: Number.POSITIVE_INFINITY });
  const known = useMemo(() => new Map(data?.indicators.map((each) => [each.code, each])), [data]);
  const named = useNamed();
  return (code) => {
    const found = known.get(code);
    return found ? named(found) : code;
  };
}
