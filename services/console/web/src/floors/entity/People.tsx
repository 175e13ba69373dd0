import { Interventions } from "./Interventions";
import { Objections } from "./Objections";

/** What people decided about the entity's class, and what it objects to. */
export function People({ uscc }: { uscc: string }) {
  return (
    <div className="grid">
      <Interventions uscc={uscc} />
      <Objections uscc={uscc} />
    </div>
  );
}
