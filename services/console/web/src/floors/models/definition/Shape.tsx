import { COLOURS } from "../../../app/theme";
import { type Item, knotsOf, stepsOf } from "./definition";
import { linePath, stepPath } from "./shapes";

const WIDTH = 120;
const HEIGHT = 28;

/** A small picture of how points go with the value; its figures stand beside it, so it says nothing aloud. */
export function Shape({ item }: { item: Item }) {
  const path = item.curve ? linePath(knotsOf(item), WIDTH, HEIGHT) : stepPath(stepsOf(item), WIDTH, HEIGHT);
  return (
    <svg width={WIDTH} height={HEIGHT + 2} className="models-shape" aria-hidden="true">
      <path d={path} fill="none" stroke={COLOURS.primary} strokeWidth={1.5} />
    </svg>
  );
}
