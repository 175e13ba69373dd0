import { Link } from "react-router";

/** An entity by its name, or its code where no name is known, as a link to its page. */
export function EntityLink({ uscc, name }: { uscc: string; name?: string | null }) {
  return <Link to={`/entities/${uscc}`}>{name || uscc}</Link>;
}
