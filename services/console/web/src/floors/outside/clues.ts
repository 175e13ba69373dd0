import type { components } from "../../api/generated/notification";

export type Clue = components["schemas"]["PlatformClue"];

/** What a platform sorts its clues by. */
export const HEAPS = ["to_answer", "answered", "withdrawn"] as const;
export type Heap = (typeof HEAPS)[number];

/** Where a clue lies: only an answer or its withdrawal finishes it. */
export function heapOf(clue: Clue): Heap {
  if (clue.state === "answered" || clue.state === "withdrawn") return clue.state;
  return "to_answer";
}

/** The newest word on each clue, for one that is withdrawn comes again; those due first come first. */
export function newestOf(clues: readonly Clue[]): Clue[] {
  const newest = new Map(clues.map((clue) => [clue.clue_id, clue]));
  return [...newest.values()].sort(
    (one, other) => one.due_on.localeCompare(other.due_on) || one.position - other.position,
  );
}

/** All clues that a platform is told, page after page: how many wait is known of all of them only. */
export async function allOf(
  read: (after: number) => Promise<{ items: Clue[]; next_after: number }>,
  atOnce: number,
): Promise<Clue[]> {
  const all: Clue[] = [];
  for (let after = 0; ; ) {
    const { items, next_after } = await read(after);
    all.push(...items);
    if (items.length < atOnce) return all;
    after = next_after;
  }
}

/** The list of clues, read anew after an answer. */
export const CLUES = ["my-clues"] as const;
