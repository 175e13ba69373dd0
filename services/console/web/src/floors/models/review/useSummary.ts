import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { usePeriod } from "./period";

export type Summary = components["schemas"]["Summary"];
export type GroupRate = Summary["overall"];

/** All figures of the period in the address. */
export function useSummary() {
  const [period] = usePeriod();
  return classification.useQuery("get", "/v1/reviews/summary", { params: { query: period as never } });
}
