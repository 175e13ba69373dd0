/** Where a tile stands in the picture: columns and rows count from 1. */
export interface Place {
  column: number;
  row: number;
}

export const COLUMNS = 6;

/** The areas of Chengdu roughly as they lie: north is up. The grid is chosen by this project; no map is official.
 *
 * 5101Z1, 5101Z2 and 5101Z3 are function zones without an official code; they lie inside other areas.
 */
export const TILES: Record<string, Place> = {
  510182: { column: 2, row: 1 },
  510114: { column: 4, row: 1 },
  510113: { column: 5, row: 1 },
  510121: { column: 6, row: 1 },
  510181: { column: 1, row: 2 },
  510117: { column: 2, row: 2 },
  510106: { column: 3, row: 2 },
  510108: { column: 4, row: 2 },
  510184: { column: 1, row: 3 },
  510115: { column: 2, row: 3 },
  510105: { column: 3, row: 3 },
  510104: { column: 4, row: 3 },
  510112: { column: 5, row: 3 },
  510185: { column: 6, row: 3 },
  510129: { column: 1, row: 4 },
  510118: { column: 2, row: 4 },
  510107: { column: 3, row: 4 },
  "5101Z1": { column: 4, row: 4 },
  "5101Z3": { column: 6, row: 4 },
  510183: { column: 1, row: 5 },
  510131: { column: 2, row: 5 },
  510116: { column: 3, row: 5 },
  "5101Z2": { column: 4, row: 5 },
};

/** Each area with its place; an area the grid does not know stands in rows below it. */
export function placed<T extends { code: string }>(areas: readonly T[]): (T & Place)[] {
  const below = 1 + Math.max(...Object.values(TILES).map(({ row }) => row));
  const unknown = areas.filter(({ code }) => !TILES[code]).map(({ code }) => code);
  return areas.map((area) => {
    const at = unknown.indexOf(area.code);
    const place = TILES[area.code] ?? { column: 1 + (at % COLUMNS), row: below + Math.floor(at / COLUMNS) };
    return { ...area, ...place };
  });
}

/** An English name without what all of them have; a Chinese one is short as it is. */
export function shortName(name: string): string {
  return name.replace(/^Chengdu | (District|County|City)$| \(Chengdu\)$/g, "");
}
