import { useQuery } from "@tanstack/react-query";
import { useNamed } from "../i18n/language";
import { own } from "./own";

export interface Named {
  code: string;
  zh: string;
  en: string;
}

/** The words all services share: areas, sectors, industries, kinds and states of entities. */
export interface Vocabulary {
  city: string;
  areas: (Named & { official: boolean; hosts: string[] })[];
  sectors: Named[];
  sections: Named[];
  entity_types: Named[];
}

/** The vocabulary, read once. */
export function useVocabulary() {
  return useQuery({
    queryKey: ["vocabulary"],
    queryFn: () => own<Vocabulary>("/vocabulary"),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Gives a code its name in the language in use; a code it does not know stays as it is. */
export function useNames(kind: "areas" | "sectors" | "sections" | "entity_types") {
  const { data } = useVocabulary();
  const named = useNamed();
  return (code: string | null | undefined): string => {
    if (!code) return "—";
    if (kind === "areas" && code === data?.city) return named({ zh: "全市", en: "Whole city" });
    const found = data?.[kind].find((each) => each.code === code);
    return found ? named(found) : code;
  };
}
