import { Card, Typography } from "antd";
import type { ReactNode } from "react";
import { useCatalogue } from "../reads";
import { useText } from "../text";
import { type Definition, partsOf } from "./definition";
import { ItemTable } from "./ItemTable";
import { RuleTable } from "./RuleTable";
import { Scale } from "./Scale";

/** Everything a model says, in plain words. */
export function WholeModel({ definition }: { definition: Definition }) {
  const text = useText();
  const catalogue = useCatalogue();
  const { overrides = [], modifiers = [] } = definition;
  return (
    <>
      <Section title={text.scale}>
        <Scale definition={definition} />
      </Section>
      <Section title={text.items}>
        {partsOf(definition).map((part) => (
          <ItemTable key={part.dimension?.code ?? ""} part={part} catalogue={catalogue} />
        ))}
      </Section>
      {overrides.length > 0 && (
        <Section title={text.overrides} lead={text.overrides_lead}>
          <RuleTable rules={overrides} catalogue={catalogue} />
        </Section>
      )}
      {modifiers.length > 0 && (
        <Section title={text.modifiers} lead={text.modifiers_lead}>
          <RuleTable rules={modifiers} catalogue={catalogue} />
        </Section>
      )}
    </>
  );
}

/** A part of a page with its heading. */
export function Section({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <Card className="models-card" role="region" aria-label={title}>
      <Typography.Title level={2}>{title}</Typography.Title>
      {lead && <p className="quiet models-lead">{lead}</p>}
      {children}
    </Card>
  );
}
