import { Flex, Input } from "antd";
import type { Definition } from "../definition/definition";
import { useDraftText } from "./draftText";
import type { Edit } from "./FormEditor";
import { NumberBox } from "./NumberBox";
import { type Place, setAt } from "./yamlText";

const LETTERS = ["A", "B", "C"] as const;

/** Base, cuts or shares, and from which day the text is valid. */
export function Basics({ definition, edit }: { definition: Definition; edit: Edit }) {
  const text = useDraftText();
  const { scale, base, valid_from } = definition;
  const set = (place: Place) => (value: number | string) => edit((now) => setAt(now, place, value));
  return (
    <Flex wrap gap="4px 16px" className="models-basics" role="group" aria-label={text.basics}>
      <Field label={text.base}>
        <NumberBox label={text.base} value={base} onChange={set(["base"])} />
      </Field>
      {scale.cuts &&
        LETTERS.map((each) => (
          <Field key={each} label={text.cut(each)}>
            <NumberBox
              label={text.cut(each)}
              value={scale.cuts?.[each]}
              onChange={set(["scale", "cuts", each])}
            />
          </Field>
        ))}
      {scale.shares &&
        LETTERS.map((each) => (
          <Field key={each} label={text.share(each)}>
            <NumberBox
              label={text.share(each)}
              step={0.01}
              value={scale.shares?.[each]}
              onChange={set(["scale", "shares", each])}
            />
          </Field>
        ))}
      <Field label={text.valid_from}>
        <Input
          size="small"
          type="date"
          aria-label={text.valid_from}
          value={String(valid_from)}
          onChange={({ target }) => target.value && set(["valid_from"])(target.value)}
        />
      </Field>
    </Flex>
  );
}

function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="models-field">
      <span>{label}</span>
      {children}
    </div>
  );
}
