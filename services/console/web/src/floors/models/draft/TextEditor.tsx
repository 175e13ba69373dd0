import { type RefObject, useRef } from "react";
import { useDraftText } from "./draftText";
import type { Problem } from "./problems";

interface Props {
  text: string;
  problems: Problem[];
  readOnly: boolean;
  onChange: (text: string) => void;
  area: RefObject<HTMLTextAreaElement | null>;
}

/** The text with numbered lines; those with something wrong are marked. */
export function TextEditor({ text, problems, readOnly, onChange, area }: Props) {
  const words = useDraftText();
  const gutter = useRef<HTMLDivElement>(null);
  const wrong = new Set(problems.map(({ line }) => line));
  const lines = text.split("\n").length;
  return (
    <div className="models-editor">
      <div className="models-gutter" ref={gutter} aria-hidden="true">
        {Array.from({ length: lines }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <div key={at} className={wrong.has(at + 1) ? "models-wrong-line" : undefined}>
            {wrong.has(at + 1) && "▶"} {at + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label={words.model_text}
        aria-invalid={problems.length > 0}
        aria-describedby="draft-problems"
        spellCheck={false}
        wrap="off"
        readOnly={readOnly}
        value={text}
        onChange={({ target }) => onChange(target.value)}
        onScroll={({ currentTarget }) => gutter.current?.scrollTo({ top: currentTarget.scrollTop })}
      />
    </div>
  );
}

/** Puts the cursor on a line and brings it into sight. */
export function goToLine(area: HTMLTextAreaElement | null, line: number) {
  if (area === null || line < 1) return;
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((length, each) => length + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, (line - 6) * LINE_PX);
}

const LINE_PX = 20;
