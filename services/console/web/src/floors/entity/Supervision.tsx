import { Clues } from "./Clues";
import { Inspections } from "./Inspections";
import { Signals } from "./Signals";

/** What was sensed of the entity and who went to look: warnings, visits, clues to platforms. */
export function Supervision({ uscc }: { uscc: string }) {
  return (
    <div className="grid">
      <Signals uscc={uscc} />
      <Inspections uscc={uscc} />
      <Clues uscc={uscc} />
    </div>
  );
}
