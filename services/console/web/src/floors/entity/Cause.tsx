import { Link } from "react-router";
import { useClassText } from "./classText";

/** What caused a decision: a fact, the monthly run, people, or the calendar where there is no cause. */
export function Cause({ cause, uscc }: { cause: string; uscc: string }) {
  const text = useClassText();
  const [kind, of = ""] = cause.split("|");
  if (cause === "") return <span className="quiet">{text.cause_calendar}</span>;
  if (kind === "monthly-run") return <span className="quiet">{text.cause_monthly(of)}</span>;
  if (kind === "intervention")
    return <Link to={`/entities/${uscc}?tab=people`}>{text.cause_people(of)}</Link>;
  return (
    <Link to={`/entities/${uscc}?tab=timeline&fact=${encodeURIComponent(cause)}`} className="entity-cause">
      {cause}
    </Link>
  );
}
