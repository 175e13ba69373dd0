import { useFactValues } from "../../i18n/factValues";
import { wordFor } from "../../i18n/words";
import { useToday } from "../../kit/useToday";
import type { RepairRecord } from "./model";
import { useText } from "./text";

/** What a record is about: the violation, or why it was listed. */
export function Matter({ record }: { record: RepairRecord }) {
  const values = useFactValues();
  return <span className="quiet">{wordFor(values, record.violation || record.reason)}</span>;
}

/** Whether a record is public: what is in effect and never published is not. */
export function useStateSaid(): (record: RepairRecord) => string {
  const text = useText();
  return ({ state, tier }) =>
    state === "open" && tier === "never_published" ? text.not_published : wordFor(text, `state_${state}`);
}

/** From which day repair may be applied for, and whether that is now. */
export function ApplyFrom({ record }: { record: RepairRecord }) {
  const text = useText();
  const today = useToday();
  const day = record.apply_from;
  if (!day) return <span className="quiet">{record.tier === "serious_no_early" ? text.no_early : "—"}</span>;
  const now = record.state === "open" && day <= today;
  return (
    <span className="due-day">
      {day} {now && <span className="tone-good">{text.apply_now}</span>}
    </span>
  );
}

/** On which day publicity stops, or stopped. */
export function StopsOn({ record }: { record: RepairRecord }) {
  const text = useText();
  if (record.stopped_on) return <span className="nowrap">{record.stopped_on}</span>;
  if (record.stops_on) return <span className="nowrap">{record.stops_on}</span>;
  const listed = record.tier === "listing";
  return <span className="quiet">{listed ? text.by_removal : "—"}</span>;
}
