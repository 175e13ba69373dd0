import operations from "../../api/generated/operations.json";
import type { Role } from "../../app/session";

/** One request that somebody sent through the console. */
export interface AccessEntry {
  number: number;
  at: string;
  username: string;
  role: Role;
  area: string | null;
  address: string;
  method: string;
  service: string;
  path: string;
  query: string;
  entity: string | null;
  status: number | null;
  duration_ms: number;
  /** Why an account was changed. */
  reason: string | null;
}

/** How a request ended. */
export type Outcome = "ok" | "refused" | "failed" | "no_answer";

/** What the status of an answer means: 4xx is the caller's, 5xx the service's. */
export function outcomeOf(status: number | null): Outcome {
  if (status === null) return "no_answer";
  if (status < 400) return "ok";
  return status < 500 ? "refused" : "failed";
}

const READS = new Set(["GET", "HEAD"]);

/** What is looked up, checked or tried by POST; the check of a file is none of these: it makes a report anew. */
const LOOKS = [
  /^\/v1\/(entities|classes)\/lookup$/,
  /^\/v1\/dead-letters\/[^/]+\/check$/,
  /^\/v1\/drafts\/check$/,
  /^\/v1\/models\/what-if$/,
  /^\/v1\/replays$/,
  /^\/v1\/sources\/[^/]+\/mappings\/[^/]+\/suggest$/,
];

/** Whether a request only read. */
export function changesNothing({ method, path }: Pick<AccessEntry, "method" | "path">): boolean {
  return READS.has(method) || (method === "POST" && LOOKS.some((look) => look.test(path)));
}

const COMING_AND_GOING = /^\/(session|oidc\/callback)$/;

/** What somebody did, in a word: came or left, looked, or changed something. */
export function actOf(
  entry: Pick<AccessEntry, "service" | "method" | "path">,
): "session" | "read" | "changed" {
  if (entry.service === "console" && COMING_AND_GOING.test(entry.path)) return "session";
  return changesNothing(entry) ? "read" : "changed";
}

/** Ids that may have slashes of their own: those that sources gave their facts. */
const SLASHED = /^\/v1\/(records\/\{record_id\}|facts\/\{source\}\/\{fact_id\})$/;

const CALLS = operations.map(({ path, ...call }) => ({
  ...call,
  fits: pattern(path, SLASHED.test(path) ? ".+" : "[^/]+"),
}));

function pattern(path: string, last: string): RegExp {
  const escaped = path.replaceAll(".", "\\.");
  return new RegExp(`^${escaped.replace(/\{\w+\}$/, last).replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}

/** What a request asked for, in words of both languages, as its service sums it up; null where it knows none such. */
export function callOf({
  service,
  method,
  path,
}: Pick<AccessEntry, "service" | "method" | "path">): { zh: string; en: string } | null {
  return (
    CALLS.find((call) => call.service === service && call.method === method && call.fits.test(path)) ?? null
  );
}

const CHINA = "+08:00";

/** What the console is asked, from what the address of the page says; days are Shanghai's, the last one included. */
export function askedOf(state: Record<string, string>, cursor?: string): URLSearchParams {
  const { username, role, entity, since, until } = state;
  const after = until && new Date(Date.parse(`${until}T00:00:00${CHINA}`) + 86_400_000).toISOString();
  const asked = {
    username,
    role,
    entity,
    since: since && `${since}T00:00:00${CHINA}`,
    until: after,
    cursor,
    limit: "100",
  };
  return new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}
