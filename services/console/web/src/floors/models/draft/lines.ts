/** A line of two texts side by side: said by one of them only, or by both. */
export interface Line {
  side: "ours" | "theirs" | "both";
  text: string;
  /** From 1, in the text that says it; in ours where both do. */
  number: number;
}

/** The lines of two texts as an edit of one into the other: those of both once (longest common subsequence). */
export function sideBySide(theirs: string, ours: string): Line[] {
  const [one, other] = [theirs.split("\n"), ours.split("\n")];
  const common = commonLengths(one, other);
  const lines: Line[] = [];
  let [at, to] = [0, 0];
  while (at < one.length || to < other.length) {
    const same = at < one.length && to < other.length && one[at] === other[to];
    const skip = (common[at + 1]?.[to] ?? -1) >= (common[at]?.[to + 1] ?? -1);
    if (same) lines.push({ side: "both", text: other[to++] ?? "", number: to });
    if (same) at++;
    else if (at < one.length && (to >= other.length || skip))
      lines.push({ side: "theirs", text: one[at++] ?? "", number: at });
    else lines.push({ side: "ours", text: other[to++] ?? "", number: to });
  }
  return lines;
}

/** For each pair of places, how many lines from there on both have in order. */
function commonLengths(one: string[], other: string[]): Uint16Array[] {
  const table = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  for (let at = one.length - 1; at >= 0; at--)
    for (let to = other.length - 1; to >= 0; to--) {
      const [row, below] = [table[at] as Uint16Array, table[at + 1] as Uint16Array];
      row[to] = one[at] === other[to] ? (below[to + 1] ?? 0) + 1 : Math.max(below[to] ?? 0, row[to + 1] ?? 0);
    }
  return table;
}

/** Only what differs, with `around` lines before and after it. */
export function onlyChanges(lines: Line[], around = 2): Line[] {
  const changed = lines.flatMap(({ side }, at) => (side === "both" ? [] : [at]));
  return lines.filter((_, at) => changed.some((each) => Math.abs(each - at) <= around));
}
