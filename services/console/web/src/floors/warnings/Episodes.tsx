import { Link } from "react-router";
import { wordFor } from "../../i18n/words";
import { pathOf, type Signal } from "./model";
import { useText } from "./text";

/** The other times that this family was told of this entity. */
export function Episodes({ episodes }: { episodes: readonly Signal[] }) {
  const text = useText();
  return (
    <ul className="plain">
      {episodes.map((each) => (
        <li key={each.signal_id}>
          <Link to={pathOf(each.signal_id)}>{each.raised_on}</Link> {wordFor(text, `state_${each.state}`)}
          {each.cleared_on && `（${each.cleared_on}）`}
          {each.cleared_reason && <span className="quiet"> {each.cleared_reason}</span>}
        </li>
      ))}
    </ul>
  );
}
