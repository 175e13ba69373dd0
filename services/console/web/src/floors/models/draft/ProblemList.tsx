import { CheckCircleOutlined } from "@ant-design/icons";
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
  const message = isChecking ? text.checking : problems === undefined ? text.unchecked : text.right;
  return (
    <div id="draft-problems" role="status" aria-live="polite" className="models-problems">
      {known.length > 0 ? (
        <Alert
          type="error"
          title={text.wrong(format.count(known.length))}
          description={<List problems={known} read={editing.read} onGo={onGo} />}
        />
      ) : (
        <span className="quiet">
          {!isChecking && problems && <CheckCircleOutlined className="models-right" />} {message}
        </span>
      )}
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
