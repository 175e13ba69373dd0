import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { usePeriod } from "./period";

export type Summary = components["schemas"]["Summary"];
export type GroupRate = Summary["overall"];

/** All figures of the period in the address. */
export function useSummary() {
  const [period] = usePeriod();
  const query = { ...period, since: sound(period.since, period.until) } as Record<string, string | undefined>;
  return classification.useQuery("get", "/v1/reviews/summary", { params: { query: query as never } });
}

/** A first day after the last is not asked for: it would be refused. */
function sound(since: string | undefined, until: string | undefined): string | undefined {
  return since && until && since > until ? until : since;
}
