import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { classification, profiling } from "../../api/client";
import { useModels } from "../../api/models";
import { useNames } from "../../api/vocabulary";
import { wordFor } from "../../i18n/words";
import { useToday } from "../../kit/useToday";
import type { Definition } from "./definition/definition";
import type { Catalogue } from "./definition/wording";
import { useText } from "./text";
import { standings } from "./versions/standing";

const NEVER_STALE = { staleTime: Number.POSITIVE_INFINITY };

/** The indicators as profiling has them. */
export function useIndicators() {
  return profiling.useQuery("get", "/v1/catalogue", {}, NEVER_STALE);
}

/** The indicators by code; empty until they are read. */
export function useCatalogue(): Catalogue {
  const { data } = useIndicators();
  return useMemo(() => new Map(data?.indicators.map((each) => [each.code, each]) ?? []), [data]);
}

/** A version by what it is for, short: 通用 v2, 食品生产 v3. */
export function useShortName(): (id: string) => string {
  const text = useText();
  const sectorName = useNames("sectors");
  const { data } = useModels();
  return (id) => {
    const found = data?.items.find((each) => each.id === id);
    if (!found) return id;
    const name = found.kind === "sector" ? sectorName(found.sector) : wordFor(text, found.kind);
    return `${name} v${id.split("@")[1]}`;
  };
}

/** By indicator, the versions in force that score it or ask for it in a rule. */
export function useUses(): ReadonlyMap<string, string[]> {
  const { data } = useModels();
  const today = useToday();
  const ids = standings(data?.items ?? [], today)
    .filter(({ standing }) => standing === "in_force")
    .map(({ model }) => model.id);
  const definitions = useQueries({
    queries: ids.map((model_id) => ({
      ...classification.queryOptions("get", "/v1/models/{model_id}", { params: { path: { model_id } } }),
      ...NEVER_STALE,
    })),
    combine: (found) => found.map(({ data: model }) => model?.definition as Definition | undefined),
  });
  return useMemo(() => usesOf(definitions), [definitions]);
}

/** By indicator, the ids of the models that name it. */
export function usesOf(definitions: (Definition | undefined)[]): ReadonlyMap<string, string[]> {
  const uses = new Map<string, string[]>();
  for (const each of definitions) {
    if (!each) continue;
    const rules = [...(each.overrides ?? []), ...(each.modifiers ?? [])];
    const asked = rules.flatMap((rule) => (rule.when.all ?? [rule.when]).map(({ indicator }) => indicator));
    const id = `${each.code}@${each.version}`;
    for (const code of new Set([...each.items.map((item) => item.indicator), ...asked]))
      if (code) uses.set(code, [...(uses.get(code) ?? []), id]);
  }
  return uses;
}
