import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

/** State kept in the address, so that a link, a reload and the back button show the same.
 *
 * An absent or empty value is not written.
 */
export function useUrlState(): [
  Record<string, string>,
  (change: Record<string, string | undefined>) => void,
] {
  const [parameters, setParameters] = useSearchParams();
  const state = useMemo(() => Object.fromEntries(parameters), [parameters]);
  const change = useCallback(
    (changes: Record<string, string | undefined>) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value) after.set(name, value);
            else after.delete(name);
          }
          return after;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return [state, change];
}
