import { App } from "antd";
import { useCallback } from "react";
import { problemOf } from "../api/problem";
import { ProblemDetail, useFaultText, useProblemText } from "./Failure";
import { tellAtFields } from "./sending";

const SHOWN_S = 12;

/** Tells why something was not done: at the fields of the form that was sent, and beside the page what is left. */
export function useTellProblem(): (error: unknown, title?: string) => void {
  const { notification } = App.useApp();
  const [problemText, faultText] = [useProblemText(), useFaultText()];
  return useCallback(
    (error, title) => {
      const problem = problemOf(error);
      const left = tellAtFields(problem.errors ?? [], faultText);
      if (problem.errors?.length && left.length === 0) return;
      const { message, fields, note } = problemText({ ...problem, errors: left });
      const all = title ? [message, ...fields] : fields;
      const description = <ProblemDetail fields={all} note={note} />;
      notification.error({ title: title ?? message, description, duration: SHOWN_S });
    },
    [notification, problemText, faultText],
  );
}
