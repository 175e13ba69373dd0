import type { Explained } from "./reads";

export type Line = Explained["indicators"][number];

/** Whether a line is worth reading first: it gave or took points, or its value is missing or rests. */
export function isRelevant(line: Line): boolean {
  return line.points !== 0 || !["counted", "missing:not_applicable"].includes(line.treatment);
}

/** Lines in the order of their dimensions, within one those that weigh most first. */
export function ordered(lines: Line[], dimensions: { code: string }[]): Line[] {
  const place = new Map(dimensions.map(({ code }, at) => [code, at]));
  const of = (line: Line) => place.get(line.dimension) ?? dimensions.length;
  return [...lines].sort(
    (one, other) => of(one) - of(other) || Math.abs(other.points) - Math.abs(one.points),
  );
}

/** What was done with a value, and the word for it: `missing:mean` is `missing_mean`, `ignored:x` is `ignored`. */
export function treatmentWord(treatment: string): string {
  const [how = "", policy] = treatment.split(":");
  return how === "missing" && policy ? `missing_${policy}` : how;
}

/** Writes an indicator's value by its unit; a value that is not known is null. */
export function valueText(
  value: number | null,
  unit: string,
  write: {
    points: (n: number) => string;
    share: (n: number) => string;
    yes: string;
    no: string;
    /** The words for units that are said after the number. */
    units: Record<string, string>;
  },
): string {
  if (value === null) return "—";
  if (unit === "yes_no") return value ? write.yes : write.no;
  if (unit === "share") return write.share(value);
  const said = write.units[unit];
  return said ? `${write.points(value)} ${said}` : write.points(value);
}
