import { Alert, Button, Flex, Segmented } from "antd";
import { useEffect, useRef } from "react";
import { useUrlState } from "../../../kit/useUrlState";
import { WholeModel } from "../definition/WholeModel";
import { useDraftText } from "./draftText";
import { FormEditor } from "./FormEditor";
import type { Draft } from "./fourEyes";
import { ProblemList } from "./ProblemList";
import { goToLine, TextEditor } from "./TextEditor";
import type { Editing } from "./useEditing";
import type { Trying } from "./useWhatIf";
import { WhatIfPanel } from "./WhatIfPanel";

interface Props {
  draft: Draft;
  editing: Editing;
  trying: Trying;
  mayWrite: boolean;
}

/** The draft on one side, as a form or as text, and what it would do to the city on the other. */
export function Desk(props: Props) {
  return props.mayWrite ? <Writing {...props} /> : <Reading {...props} />;
}

function Writing({ editing, trying }: Props) {
  const text = useDraftText();
  const area = useRef<HTMLTextAreaElement>(null);
  const [{ view = "form" }, change] = useUrlState();
  const awaited = useRef(0);
  const go = (line: number) => {
    if (view === "text") return goToLine(area.current, line);
    awaited.current = line;
    change({ view: "text" });
  };
  useEffect(() => {
    if (view !== "text" || awaited.current === 0) return;
    goToLine(area.current, awaited.current);
    awaited.current = 0;
  }, [view]);
  return (
    <div className="models-desk">
      <section aria-label={text.edit}>
        <Flex justify="space-between" align="center" wrap gap={8} className="models-switch">
          <Segmented
            aria-label={text.view}
            value={view}
            options={[
              { value: "form", label: text.form },
              { value: "text", label: text.text },
            ]}
            onChange={(value) => change({ view: value === "form" ? undefined : value })}
          />
          <span className="quiet" role="status">
            {editing.isDirty ? text.not_saved : text.all_saved}
          </span>
        </Flex>
        <ProblemList editing={editing} onGo={go} />
        {view === "text" ? (
          <TextEditor
            text={editing.text}
            problems={editing.problems ?? []}
            readOnly={false}
            onChange={editing.write}
            area={area}
          />
        ) : (
          <FormEditor editing={editing} />
        )}
      </section>
      <WhatIfPanel trying={trying} />
    </div>
  );
}

function Reading({ draft, editing, trying }: Props) {
  const text = useDraftText();
  const area = useRef<HTMLTextAreaElement>(null);
  const [{ view = "form" }, change] = useUrlState();
  const { definition } = editing.read;
  return (
    <>
      {draft.state !== "open" && (
        <Alert type="info" showIcon title={text.read_only} className="models-switch" />
      )}
      {trying.mayTry && <WhatIfPanel trying={trying} />}
      <Button type="link" onClick={() => change({ view: view === "text" ? undefined : "text" })}>
        {view === "text" ? text.form : text.model_text}
      </Button>
      {view === "text" || definition === null ? (
        <TextEditor
          text={editing.text}
          problems={draft.problems}
          readOnly
          onChange={() => undefined}
          area={area}
        />
      ) : (
        <WholeModel definition={definition} />
      )}
    </>
  );
}
