import { useMemo } from "react";
import { classification, profiling } from "../../api/client";
import type { components as Classification } from "../../api/generated/classification";
import type { components as Profiling } from "../../api/generated/profiling";
import type { CursorPage } from "../../kit/CursorTable";

export type Profile = Profiling["schemas"]["EntityProfile"];
export type Fact = Profiling["schemas"]["FactView"];
export type Indicator = Profiling["schemas"]["IndicatorValue"];
export type ClassRow = Classification["schemas"]["ClassRow"];
export type Decision = Classification["schemas"]["DecisionSummary"];
export type Explained = Classification["schemas"]["ExplainedClass"];

const STAYS = { staleTime: Number.POSITIVE_INFINITY };
/** Every read of a class is logged, so what was read is shown for a minute before it is asked again. */
const MINUTE = { staleTime: 60_000 };

export function useProfile(uscc: string) {
  return profiling.useQuery("get", "/v1/entities/{uscc}", { params: { path: { uscc } } }, MINUTE);
}

/** The class as a row, or null where nobody judged the entity yet. */
export function useClassRow(uscc: string) {
  return classification.useQuery(
    "post",
    "/v1/classes/lookup",
    { body: { usccs: [uscc] } },
    { ...MINUTE, select: ({ items }) => items[0] ?? null },
  );
}

/** Where the classes of a model end: the greatest scores of A, B and C. */
export function useCuts(model: string): number[] | undefined {
  return classification.useQuery(
    "get",
    "/v1/models/{model_id}",
    { params: { path: { model_id: model } } },
    STAYS,
  ).data?.cuts;
}

/** One page of an entity's decisions, newest first. */
export async function readDecisions(
  uscc: string,
  cursor: string | undefined,
): Promise<{ data?: CursorPage<Decision>; error?: unknown }> {
  return classification.call.GET("/v1/entities/{uscc}/decisions", {
    params: { path: { uscc }, query: { limit: 50, cursor } },
  });
}

export const decisionsKey = (uscc: string) => ["decisions", uscc] as const;

/** What each indicator means, by its code. */
export function useCatalogue() {
  const { data } = profiling.useQuery("get", "/v1/catalogue", {}, STAYS);
  return useMemo(() => new Map(data?.indicators.map((each) => [each.code, each])), [data]);
}
