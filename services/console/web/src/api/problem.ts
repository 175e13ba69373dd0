/** What an API answers when it cannot do as asked (RFC 9457), or what we make of no answer at all. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { field: string; problem: string; expected?: string }[];
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
