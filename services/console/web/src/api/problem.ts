/** One field at fault, as the services name it. */
export interface FieldError {
  /** Where it is: `body.filed_on`. */
  field: string;
  problem: string;
  expected?: string;
  /** The kind of `problem`. */
  fault?: string;
  /** The length, number or day that it goes beyond. */
  limit?: string;
}

/** What an API answers when it cannot do as asked (RFC 9457), or what we make of no answer at all. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: FieldError[];
  trace_id?: string;
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "status" in error && "title" in error;
}

/** The problem an error is; one without an answer has status 0. */
export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error;
  const detail = error instanceof Error ? error.message : undefined;
  return { type: "about:blank", title: "No answer", status: 0, detail };
}

const OURS = "urn:creditloop:problem:";
const BY_STATUS: Record<number, string> = {
  0: "no-answer",
  400: "bad-request",
  401: "unauthenticated",
  403: "forbidden",
  404: "not-found",
  405: "method-not-allowed",
  409: "conflict",
  412: "edited-since",
  413: "too-large",
  415: "unsupported-media-type",
  422: "invalid",
  429: "too-many-requests",
  502: "service-silent",
  503: "overloaded",
  504: "service-silent",
};

/** Kinds that say little by themselves, so that the service's own words stand below them. */
const GENERAL = new Set([
  "no-answer",
  "bad-request",
  "conflict",
  "dead-letter-still-fails",
  "invalid",
  "overloaded",
  "not-ready",
  "signal-not-free",
  "signal-settled",
  "unexpected",
]);

/** The kind a problem is: by its type where `known` has it, else by its status; and whether that says enough. */
export function kindOf<Kind extends string>(
  { type, status }: Problem,
  known: Record<Kind, unknown>,
): { kind: Kind; enough: boolean } {
  const named = type.startsWith(OURS) ? type.slice(OURS.length) : "";
  const kind = (named in known ? named : (BY_STATUS[status] ?? "unexpected")) as Kind;
  return { kind, enough: kind === named && !GENERAL.has(kind) };
}

/** The name of the field within its request: of `body.evidence.0` it is `evidence`. */
export function fieldNameOf(error: FieldError): string {
  const [where = "", name] = error.field.split(".");
  return name ?? where;
}
