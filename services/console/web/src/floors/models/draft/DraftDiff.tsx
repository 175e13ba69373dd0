import { classification } from "../../../api/client";
import { Loaded } from "../../../kit/Loaded";
import { Differences } from "../definition/Differences";
import { Section } from "../definition/WholeModel";
import { useDraftText } from "./draftText";
import type { Draft } from "./fourEyes";

/** What the draft as it is saved says otherwise than the version it takes over from. */
export function DraftDiff({ draft, isDirty }: { draft: Draft; isDirty: boolean }) {
  const text = useDraftText();
  const params = { path: { number: draft.id } };
  const readable = draft.code !== "";
  const diff = classification.useQuery("get", "/v1/drafts/{number}/diff", { params }, { enabled: readable });
  if (!readable) return <p className="quiet">{text.unreadable}</p>;
  return (
    <Loaded reading={diff}>
      {({ against, differences }) => (
        <Section title={`${text.diff} ${against ?? ""}`} lead={isDirty ? text.diff_saved : undefined}>
          <Differences rows={differences} />
        </Section>
      )}
    </Loaded>
  );
}
