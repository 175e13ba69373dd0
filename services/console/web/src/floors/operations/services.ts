import { classification, ingestion, notification, profiling, repair, sampling } from "../../api/client";

/** The services in the order of the loop; all have the same routes for those who keep them running. */
export const SERVICES = [
  "ingestion",
  "profiling",
  "classification",
  "sampling",
  "repair",
  "notification",
] as const;

export type Service = (typeof SERVICES)[number];

/** These clients differ in their other routes; for the shared ones any stands for all. */
const CLIENTS = { ingestion, profiling, classification, sampling, repair, notification };

/** The client of one service, for the routes that every service has. */
export function operationsOf(service: Service): typeof repair {
  return CLIENTS[service] as unknown as typeof repair;
}
