import { Timeline } from "antd";
import { usePersonName } from "../../api/people";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import type { SignalFile } from "./model";
import { useText } from "./text";
import { type TrailEntry, trailOf } from "./trail";

/** What happened to a signal, and who did it. */
export function Trail({ file }: { file: SignalFile }) {
  const text = useText();
  const { moment } = useFormats();
  const personName = usePersonName();
  const said = useEntrySaid(file);
  const items = trailOf(file).map((entry) => ({
    key: `${entry.at} ${entry.kind}`,
    content: (
      <div className="two-lines">
        <span>
          {said(entry)} <span className="quiet">· {entry.by ? personName(entry.by) : text.system}</span>
        </span>
        {entry.note && <span className="note">{entry.note}</span>}
        <span className="quiet">{entry.at.length === 10 ? entry.at : moment(entry.at)}</span>
      </div>
    ),
  }));
  return <Timeline items={items} className="trail" />;
}

function useEntrySaid(file: SignalFile): (entry: TrailEntry) => string {
  const text = useText();
  const personName = usePersonName();
  const { count } = useFormats();
  return (entry) => {
    switch (entry.kind) {
      case "updated":
        return text.trail_updated(count(file.updates));
      case "assigned":
        return text.trail_assigned(personName(entry.assignee));
      case "snoozed":
        return text.trail_snoozed(entry.until ?? "");
      case "acted":
        return text.trail_acted(wordFor(text, entry.action));
      default:
        return wordFor(text, `trail_${entry.kind}`);
    }
  };
}
