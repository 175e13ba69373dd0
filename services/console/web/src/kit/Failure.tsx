import { Alert, Button } from "antd";
import { type Problem, problemOf } from "../api/problem";
import { useWords } from "../i18n/words";

/** What to tell a person about a problem: in their language, and what they can do. */
export function useProblemText(): (error: unknown) => { message: string; detail: string } {
  const words = useWords();
  const known: Record<number, string> = {
    0: words.problem_0,
    403: words.problem_403,
    404: words.problem_404,
    409: words.problem_409,
    422: words.problem_422,
    429: words.problem_429,
    503: words.problem_503,
  };
  return (error) => {
    const problem = problemOf(error);
    return { message: known[problem.status] ?? words.problem_other, detail: detailOf(problem) };
  };
}

function detailOf(problem: Problem): string {
  const fields = (problem.errors ?? []).map((each) =>
    [each.field, each.problem, each.expected].filter(Boolean).join(" · "),
  );
  return [problem.detail, ...fields].filter(Boolean).join("\n");
}

/** Shows a failed reading or writing, with what to do and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const words = useWords();
  const { message, detail } = useProblemText()(error);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={message}
      description={detail ? <span className="problem-detail">{detail}</span> : undefined}
      action={onRetry ? <Button onClick={onRetry}>{words.retry}</Button> : undefined}
    />
  );
}
