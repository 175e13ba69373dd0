import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useClassText } from "./classText";
import type { Explained } from "./reads";

type Portions = Explained["parts"]["dimensions"];

/** The same points seen four ways, as the service adds them up. */
export function Views({ parts }: Pick<Explained, "parts">) {
  const text = useClassText();
  return (
    <div className="entity-views">
      <View title={text.view_dimensions} portions={parts.dimensions} />
      <View title={text.view_nature} portions={parts.nature} />
      <View title={text.view_aspects} portions={parts.aspects} />
      <View title={text.view_origin} portions={parts.origin} none={text.view_origin_none} />
    </div>
  );
}

function View({ title, portions, none }: { title: string; portions: Portions; none?: string }) {
  const greatest = Math.max(...portions.map(({ full, points }) => full ?? points), 1);
  return (
    <section>
      <h3>{title}</h3>
      {portions.length === 0 && <p className="quiet">{none}</p>}
      {portions.map((portion) => (
        <Portion key={portion.code} portion={portion} greatest={greatest} />
      ))}
    </section>
  );
}

function Portion({ portion, greatest }: { portion: Portions[number]; greatest: number }) {
  const text = useClassText();
  const named = useNamed();
  const { points } = useFormats();
  const width = (part: number) => `${Math.max(0, Math.min(100, (part / greatest) * 100))}%`;
  return (
    <div className="entity-portion">
      <span>{named(portion)}</span>
      <span className="entity-track">
        {portion.full !== null && <span className="entity-full" style={{ width: width(portion.full) }} />}
        <span
          className={portion.points < 0 ? "entity-bar entity-bar-less" : "entity-bar"}
          style={{ width: width(Math.abs(portion.points)) }}
        />
      </span>
      <span className="number">
        <b>{points(portion.points)}</b>
        {portion.full !== null && <span className="quiet"> / {points(portion.full)}</span>}
      </span>
      {portion.cut < 0 && <span className="quiet entity-cut">{text.cut(points(-portion.cut))}</span>}
    </div>
  );
}
