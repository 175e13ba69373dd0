import { dictionary, useNamed } from "../i18n/language";
import { classification } from "./client";

const useText = dictionary({
  zh: { version: (name: string, number: string) => `${name}（第 ${number} 版）` },
  en: { version: (name: string, number: string) => `${name}, version ${number}` },
});

/** All versions in the books. */
export function useModels() {
  return classification.useQuery("get", "/v1/models");
}

/** The name of a version or of a model's code, with its number where it has one; nothing until names are read. */
export function useModelName(): (id: string | null | undefined) => string {
  const { data, isPending } = useModels();
  const text = useText();
  const named = useNamed();
  return (id) => {
    if (!id) return "—";
    if (isPending) return "";
    const [code, version] = id.split("@");
    const found =
      data?.items.find((each) => each.id === id) ??
      data?.items.find((each) => each.id.startsWith(`${code}@`));
    if (!found) return id;
    return version ? text.version(named(found), version) : named(found);
  };
}
