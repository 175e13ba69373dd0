import { Alert, Button } from "antd";
import { type FieldError, fieldNameOf, kindOf, problemOf } from "../api/problem";
import { useFieldNames } from "../i18n/fieldNames";
import { useFaults, useProblems } from "../i18n/problems";
import { useWords } from "../i18n/words";

/** What a person is told about a problem. */
export interface Told {
  /** What happened and what they can do. */
  message: string;
  /** The fields at fault, each with what would be right. */
  fields: string[];
  /** The service's own words, where ours do not say enough. */
  note: string;
}

/** What is wrong with a field, in the language in use and without the field's name. */
export function useFaultText(): (error: FieldError) => string {
  const faults: Record<string, (limit: string) => string> = useFaults();
  const words = useWords();
  return ({ fault = "not_right", limit = "", problem, expected }) => {
    const said = (faults[fault] ?? faults.not_right)?.(limit) ?? "";
    const own = [problem, expected].filter(Boolean).join(" · ");
    return fault === "not_right" && own ? `${said}（${words.technical}: ${own}）` : said;
  };
}

/** What to tell a person about a problem: in their language, and what they can do. */
export function useProblemText(): (error: unknown) => Told {
  const words = useWords();
  const sentences = useProblems();
  const names: Record<string, string> = useFieldNames();
  const faultText = useFaultText();
  return (error) => {
    const problem = problemOf(error);
    const { kind, enough } = kindOf(problem, sentences);
    const errors = problem.errors ?? [];
    const fields = errors.map((each) => {
      const name = fieldNameOf(each);
      return `${names[name] ?? name}: ${faultText(each)}`;
    });
    const own = enough || errors.length > 0 ? "" : (problem.detail ?? problem.title);
    const trace = problem.status >= 500 && problem.trace_id ? `${words.trace} ${problem.trace_id}` : "";
    return { message: sentences[kind], fields, note: [own, trace].filter(Boolean).join(" · ") };
  };
}

/** Below the sentence: the fields at fault, and in small what the service itself says. */
export function ProblemDetail({ fields, note }: Omit<Told, "message">) {
  const words = useWords();
  return (
    <>
      {fields.length > 0 && (
        <ul className="problem-fields">
          {fields.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      {note && (
        <small className="problem-detail">
          {words.technical}: {note}
        </small>
      )}
    </>
  );
}

/** Shows a failed reading or writing, with what to do and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const words = useWords();
  const { message, fields, note } = useProblemText()(error);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={message}
      description={fields.length > 0 || note ? <ProblemDetail fields={fields} note={note} /> : undefined}
      action={onRetry ? <Button onClick={onRetry}>{words.retry}</Button> : undefined}
    />
  );
}
