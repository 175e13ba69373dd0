import { Notices } from "./Notices";
import { Records } from "./Records";

/** Records of dishonesty with their repair, and the letters the entity was sent. */
export function RecordsSection({ uscc }: { uscc: string }) {
  return (
    <div className="grid">
      <Records uscc={uscc} />
      <Notices uscc={uscc} />
    </div>
  );
}
