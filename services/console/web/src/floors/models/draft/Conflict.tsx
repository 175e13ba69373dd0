import { Button, Flex, Modal } from "antd";
import { useDraftText } from "./draftText";
import type { Draft } from "./fourEyes";
import { onlyChanges, sideBySide } from "./lines";

interface Props {
  /** The draft as somebody else saved it meanwhile. */
  theirs: Draft;
  ours: string;
  onTakeTheirs: () => void;
  onTakeOurs: () => void;
  onClose: () => void;
}

const MARKS = { ours: "+", theirs: "−", both: " " } as const;

/** Both sides of a draft that two people edited: who wants to save chooses. */
export function Conflict({ theirs, ours, onTakeTheirs, onTakeOurs, onClose }: Props) {
  const text = useDraftText();
  const lines = onlyChanges(sideBySide(theirs.text, ours));
  return (
    <Modal
      open
      width={900}
      title={text.conflict}
      onCancel={onClose}
      footer={
        <Flex wrap gap={8} justify="end">
          <Button onClick={onClose}>{text.keep_editing}</Button>
          <Button onClick={onTakeTheirs}>{text.take_theirs}</Button>
          <Button danger onClick={onTakeOurs}>
            {text.take_ours}
          </Button>
        </Flex>
      }
    >
      <p>{text.conflict_hint(theirs.edited_by, String(theirs.version))}</p>
      <p className="quiet">
        {MARKS.theirs} {text.theirs} · {MARKS.ours} {text.ours}
      </p>
      <pre className="models-lines">
        {lines.map(({ side, text: said, number }) => (
          <div key={`${side} ${number}`} className={`models-line-${side}`}>
            {MARKS[side]} {String(number).padStart(4)} {said}
          </div>
        ))}
      </pre>
    </Modal>
  );
}
