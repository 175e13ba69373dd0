import { Alert, Button } from "antd";
import { useFormats } from "../../../i18n/format";
import { useLanguage } from "../../../i18n/language";
import { placeText } from "../definition/places";
import { useCatalogue } from "../reads";
import { useDraftText } from "./draftText";
import { type Problem, reasonText } from "./problems";
import type { Editing } from "./useEditing";

interface Props {
  editing: Pick<Editing, "problems" | "isChecking" | "read">;
  onGo: (line: number) => void;
}

/** What is wrong in the text, each with its line; a click goes there. */
export function ProblemList({ editing, onGo }: Props) {
  const text = useDraftText();
  const format = useFormats();
  const { problems, isChecking } = editing;
  const known = problems ?? [];
  const message = isChecking ? text.checking : problems === undefined ? text.unchecked : said(known.length);
  function said(count: number) {
    return count === 0 ? text.right : text.wrong(format.count(count));
  }
  return (
    <div id="draft-problems" role="status" aria-live="polite" className="models-problems">
      <Alert
        showIcon
        type={known.length > 0 ? "error" : isChecking || problems === undefined ? "info" : "success"}
        title={message}
        description={known.length > 0 ? <List problems={known} read={editing.read} onGo={onGo} /> : undefined}
      />
    </div>
  );
}

function List({ problems, read, onGo }: { problems: Problem[]; read: Editing["read"]; onGo: Props["onGo"] }) {
  const text = useDraftText();
  const catalogue = useCatalogue();
  const { language } = useLanguage();
  return (
    <ul className="models-problem-list">
      {problems.map(({ line, place, reason }) => (
        <li key={`${line} ${place} ${reason}`}>
          <Button type="link" size="small" onClick={() => onGo(line)} disabled={line === 0}>
            {text.line(String(line))}
          </Button>
          <span title={place}>{placeText(namedPlace(place, read), catalogue, language)}</span>
          {place && "："}
          {reasonText(reason, language)}
        </li>
      ))}
    </ul>
  );
}

/** A place whose list members are numbered, by their names instead: `items.0.bins` is `items.base.age_years.bins`. */
function namedPlace(place: string, { definition }: Editing["read"]): string {
  const [list = "", at = "", ...rest] = place.split(".");
  const members = definition?.[list as "items" | "overrides" | "modifiers" | "dimensions"];
  const member = Array.isArray(members) ? members[Number(at)] : undefined;
  if (!member) return place;
  return [list, "indicator" in member ? member.indicator : member.code, ...rest].join(".");
}
