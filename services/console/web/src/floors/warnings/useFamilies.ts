import { useMemo } from "react";
import { profiling } from "../../api/client";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import type { Signal } from "./model";
import { happened, useSentences } from "./sentences";

/** The families of signals by their code, read once. */
export function useFamilies() {
  const { data } = profiling.useQuery("get", "/v1/signals/families", {}, { staleTime: Infinity });
  return useMemo(() => new Map((data ?? []).map((each) => [each.code, each])), [data]);
}

/** A signal's family by name, and what happened in a few words. */
export function useSaid() {
  const families = useFamilies();
  const named = useNamed();
  const say = useSentences();
  const write = useFormats();
  return (signal: Signal) => {
    const family = families.get(signal.family);
    return {
      title: family ? named(family) : signal.family_zh || signal.family,
      sentence: family ? happened(family, signal.measure, say, write, named) : "",
    };
  };
}
