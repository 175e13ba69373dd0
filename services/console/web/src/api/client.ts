import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { patiently } from "./back";
import { noteServerTime } from "./clock";
import type { paths as Classification } from "./generated/classification";
import type { paths as Ingestion } from "./generated/ingestion";
import type { paths as Notification } from "./generated/notification";
import type { paths as Profiling } from "./generated/profiling";
import type { paths as Repair } from "./generated/repair";
import type { paths as Sampling } from "./generated/sampling";
import { onceEach } from "./keys";

/** A page of another site cannot send this header, so what comes with it comes from this page. */
export const OURS = { "X-Creditloop-Console": "1" };
/** For what the page asks by itself, again and again: it does not keep a session alive. */
export const BY_ITSELF = { headers: { "X-Creditloop-Background": "1" } };

const asThisPage: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(OURS)) request.headers.set(name, value);
    return request;
  },
  onResponse({ response }) {
    noteServerTime(response);
    return response;
  },
};

function connect<Paths extends object>(service: string) {
  const baseUrl = `/api/${service}`;
  const fetching = createFetchClient<Paths>({ baseUrl, fetch: patiently });
  fetching.use(asThisPage, onceEach);
  const queries = createQueryClient(fetching);
  return {
    ...queries,
    queryOptions: at(baseUrl, queries.queryOptions),
    useQuery: at(baseUrl, queries.useQuery),
    call: fetching,
  };
}

/** Names the service in what is asked, and so in its key: several services have paths such as `/v1/lanes`. */
function at<Ask>(baseUrl: string, ask: Ask): Ask {
  const plain = ask as (method: string, path: string, init: object, ...more: unknown[]) => unknown;
  return ((method: string, path: string, init: object, ...more: unknown[]) =>
    plain(method, path, { ...init, baseUrl }, ...more)) as Ask;
}

/** One client for each service: `useQuery`, `useMutation`, … for pages and `call` for the rest. */
export const ingestion = connect<Ingestion>("ingestion");
export const profiling = connect<Profiling>("profiling");
export const classification = connect<Classification>("classification");
export const sampling = connect<Sampling>("sampling");
export const repair = connect<Repair>("repair");
export const notification = connect<Notification>("notification");
