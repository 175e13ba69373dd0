import { useFormats } from "../../i18n/format";
import { CLASSES } from "./figures";
import { useOverviewText } from "./text";
import type { Point } from "./trend";

/** The figures behind the lines, newest first. */
export function TrendTable({ points }: { points: readonly Point[] }) {
  const text = useOverviewText();
  const formats = useFormats();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className="scroll tall" tabIndex={0} aria-label={text.trend}>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">{text.day}</th>
            <th scope="col" className="number">
              {text.members}
            </th>
            {CLASSES.map((letter) => (
              <th key={letter} scope="col" className="number">
                {letter}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.day}>
              <th scope="row">{point.day}</th>
              <td className="number">{formats.count(point.entities)}</td>
              {CLASSES.map((letter) => (
                <td key={letter} className="number">
                  {formats.share(point.shares[letter])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
