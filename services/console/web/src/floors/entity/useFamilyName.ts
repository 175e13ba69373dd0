import { useMemo } from "react";
import { profiling } from "../../api/client";
import { useNamed } from "../../i18n/language";

/** What a family of warnings is called; one that is no longer in the rule data by its code. */
export function useFamilyName(): (code: string) => string {
  const named = useNamed();
  const { data } = profiling.useQuery(
    "get",
    "/v1/signals/families",
    {},
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const families = useMemo(() => new Map(data?.map((each) => [each.code, each])), [data]);
  return (code) => {
    const family = families.get(code);
    return family ? named(family) : code;
  };
}
