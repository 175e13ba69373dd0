import { useFormats } from "../../../i18n/format";
import { ClassTag } from "../../../kit/ClassTag";
import { LETTERS } from "./whatIfCharts";
import { useWhatIfText } from "./whatIfText";

interface Props {
  /** Classes of now that somebody has; the empty one is none. */
  rows: string[];
  columns?: readonly string[];
  at: (row: string, column: string) => number;
  /** What rows and columns are; class now and class by the draft unless said. */
  caption?: string;
}

/** Who goes from which class to which: those that stay in grey, those that move in a frame. */
export function Matrix({ rows, columns = LETTERS, at, caption }: Props) {
  const text = useWhatIfText();
  const format = useFormats();
  const name = (letter: string) => (letter ? <ClassTag value={letter} /> : <small>{text.none_class}</small>);
  return (
    <table className="models-matrix" aria-label={text.matrix}>
      <caption className="quiet">{caption ?? text.matrix_say}</caption>
      <thead>
        <tr>
          <td />
          {columns.map((column) => (
            <th key={column} scope="col">
              {name(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            <th scope="row">{name(row)}</th>
            {columns.map((column) => (
              <td key={column} className={kindOf(row, column, at(row, column))}>
                {format.count(at(row, column))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who stays, who gets better, who gets worse; nobody is quiet. */
function kindOf(row: string, column: string, entities: number): string {
  if (entities === 0) return "models-nobody";
  if (row === column || !row || !column) return "models-stay";
  return column < row ? "models-better" : "models-worse";
}
