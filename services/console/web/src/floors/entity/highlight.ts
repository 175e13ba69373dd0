export interface Piece {
  text: string;
  hit: boolean;
}

/** A text in pieces, those inside the ranges marked; ranges are [start, end) in code points. */
export function pieces(text: string, ranges: number[][]): Piece[] {
  const points = [...text];
  const sorted = [...ranges].sort(([one = 0], [other = 0]) => one - other);
  const cut: Piece[] = [];
  let reached = 0;
  for (const [start = 0, end = 0] of sorted) {
    cut.push({ text: points.slice(reached, Math.max(start, reached)).join(""), hit: false });
    cut.push({ text: points.slice(Math.max(start, reached), end).join(""), hit: true });
    reached = Math.max(reached, end);
  }
  cut.push({ text: points.slice(reached).join(""), hit: false });
  return cut.filter(({ text }) => text !== "");
}
