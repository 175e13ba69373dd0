import { useFormats } from "../../i18n/format";
import { useOverviewText } from "./text";
import { type Course, lineOf } from "./trend";

const WIDTH = 96;
const HEIGHT = 20;

/** The course of one class as a small line of its own scale, and how far it went; the figures are in the table. */
export function Spark({
  course,
  letter,
  colour,
}: {
  course: Course | undefined;
  letter: string;
  colour?: string;
}) {
  const text = useOverviewText();
  const formats = useFormats();
  if (course === undefined) return <span className="quiet">—</span>;
  const line = lineOf(course.shares, WIDTH, HEIGHT);
  const end = line.at(-1) ?? [0, 0];
  const said = `${letter} ${course.first.day} ${formats.share(course.shares[0])} → ${course.last.day} ${formats.share(course.shares.at(-1))}`;
  return (
    <span className="spark" title={said}>
      <svg
        viewBox={`-3 -3 ${WIDTH + 6} ${HEIGHT + 6}`}
        width={WIDTH + 6}
        height={HEIGHT + 6}
        role="img"
        aria-label={said}
      >
        <polyline
          points={line.map((place) => place.join(",")).join(" ")}
          fill="none"
          stroke={colour}
          strokeWidth={1.5}
        />
        <circle cx={end[0]} cy={end[1]} r={2.5} fill={colour} />
      </svg>
      <span className="number">{text.points(formats.change(course.change))}</span>
    </span>
  );
}
