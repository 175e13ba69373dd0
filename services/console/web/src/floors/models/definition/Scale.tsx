import { CLASS_COLOURS } from "../../../app/theme";
import { useFormats } from "../../../i18n/format";
import { useNamed } from "../../../i18n/language";
import { ClassTag } from "../../../kit/ClassTag";
import { useText } from "../text";
import { type Band, bandsOf, type Definition } from "./definition";
import { PlainTable } from "./PlainTable";
import { Source } from "./Source";

/** Which scores are which class, as a bar and as a table. */
export function Scale({ definition }: { definition: Definition }) {
  const text = useText();
  const format = useFormats();
  const { scale, base } = definition;
  const bands = bandsOf(scale);
  return (
    <>
      <p>
        {text.scale_say(format.points(scale.lowest), format.points(scale.highest))}{" "}
        {text.base_points(format.points(base))}
      </p>
      {scale.shares && (
        <p>
          {text.shares_say}
          {(["A", "B", "C"] as const)
            .map((each) => `${each} ≤ ${format.share(scale.shares?.[each])}`)
            .join("，")}
        </p>
      )}
      {bands.length > 0 && <Bar bands={bands} lowest={scale.lowest} highest={scale.highest} />}
      {bands.length > 0 && <Bands bands={bands} definition={definition} />}
      <Source citation={scale.citation} confidence={scale.confidence} />
    </>
  );
}

function Bar({ bands, lowest, highest }: { bands: Band[]; lowest: number; highest: number }) {
  const share = ({ above, to }: Band) => ((to - (above ?? lowest)) / (highest - lowest)) * 100;
  return (
    <div className="models-scale" aria-hidden="true">
      {bands.map((band) => {
        const colours = CLASS_COLOURS[band.letter];
        const style = { width: `${share(band)}%`, background: colours?.ground, color: colours?.text };
        return (
          <span key={band.letter} style={style}>
            {band.letter}
          </span>
        );
      })}
    </div>
  );
}

function Bands({ bands, definition }: { bands: Band[]; definition: Definition }) {
  const text = useText();
  const format = useFormats();
  const named = useNamed();
  const { levels, coupling, scale } = definition;
  const range = ({ above, to }: Band) =>
    above === null
      ? `${format.points(scale.lowest)} – ${format.points(to)}`
      : `> ${format.points(above)} – ${format.points(to)}`;
  return (
    <PlainTable<Band>
      label={text.scale}
      dataSource={bands}
      rowKey="letter"
      columns={[
        { title: text.level, render: (_, { letter }) => <ClassTag value={letter} /> },
        ...(levels
          ? [
              {
                title: text.level,
                key: "name",
                render: (_: unknown, { letter }: Band) => named(levels[letter] ?? { zh: letter }),
              },
            ]
          : []),
        { title: text.score_band, align: "right" as const, render: (_, band) => range(band) },
        ...(coupling
          ? [
              {
                title: text.coupling,
                key: "coupling",
                align: "right" as const,
                render: (_: unknown, { letter }: Band) => format.points(Number(coupling[letter])),
              },
            ]
          : []),
      ]}
    />
  );
}
