import { COLOURS } from "../../../app/theme";
import { type Estimate, whiskerOf } from "./intervals";

const WIDTH = 160;
const HEIGHT = 16;
const MIDDLE = HEIGHT / 2;

interface Props {
  estimate: Estimate;
  scale: number;
  /** A value all are compared with, drawn as a line. */
  mark?: number | null;
}

/** An estimate as a point on its interval; the figures stand beside it. */
export function Interval({ estimate, scale, mark }: Props) {
  const found = whiskerOf(estimate, scale);
  const x = (share: number) => 4 + share * (WIDTH - 8);
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true" className="models-shape">
      {mark != null && (
        <line
          x1={x(mark / scale)}
          x2={x(mark / scale)}
          y1={0}
          y2={HEIGHT}
          stroke="#b6c0cc"
          strokeDasharray="2 2"
        />
      )}
      {found && (
        <>
          <line
            x1={x(found.from)}
            x2={x(found.to)}
            y1={MIDDLE}
            y2={MIDDLE}
            stroke={COLOURS.primary}
            strokeWidth={2}
          />
          <circle cx={x(found.at)} cy={MIDDLE} r={4} fill={COLOURS.primary} />
        </>
      )}
    </svg>
  );
}
