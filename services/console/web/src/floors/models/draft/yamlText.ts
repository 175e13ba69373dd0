import { type Document, isCollection, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { Definition, Item } from "../definition/definition";

export type Place = (string | number)[];

/** A text and what can be read of it; where it cannot be read nothing is known, and the service says why. */
export interface ReadText {
  document: Document | null;
  definition: Definition | null;
}

/** Reads a text as far as it is a mapping with items and a scale: what forms and pictures need. */
export function readText(text: string): ReadText {
  const document = parseDocument(text, { keepSourceTokens: false });
  if (document.errors.length > 0 || !isMap(document.contents)) return { document: null, definition: null };
  const said = document.toJS() as Partial<Definition>;
  const whole = Array.isArray(said.items) && said.items.every(isItem) && typeof said.scale === "object";
  return { document, definition: whole && said.scale ? (said as Definition) : null };
}

function isItem(item: unknown): item is Item {
  if (typeof item !== "object" || item === null || !("indicator" in item) || !("missing" in item))
    return false;
  const { bins, curve, missing } = item as Partial<Item>;
  const scaled =
    Array.isArray(curve) ||
    Array.isArray(bins) ||
    (!!bins && Array.isArray(bins.edges) && Array.isArray(bins.points));
  return scaled && typeof missing === "object";
}

/** The text with another value at a place that it has; comments and all else stay as they were written. */
export function setAt(text: string, place: Place, value: unknown): string {
  const node = nodeAt(text, place);
  if (!node?.range) return text;
  const [start, end] = node.range;
  return text.slice(0, start) + flow(value) + text.slice(end);
}

function nodeAt(text: string, place: Place): Node | undefined {
  const found = parseDocument(text).getIn(place, true);
  return isScalar(found) || isCollection(found) ? found : undefined;
}

/** A value on one line, as the shipped models write their items. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => `${name}: ${flow(each)}`)
      .join(", ")}}`;
  return typeof value === "string" ? quoted(value) : String(value);
}

/** A text as it can stand within a line: in quotes wherever YAML could take it for something else. */
function quoted(value: string): string {
  const plain = /^[\p{L}_][\p{L}\p{N}_.()/%·-]*( [\p{L}\p{N}_.()/%·-]+)*$/u.test(value);
  const taken = /^(y|n|yes|no|true|false|on|off|null)$/i.test(value);
  return (plain && !taken) || /^\d{4}-\d\d-\d\d$/.test(value) ? value : JSON.stringify(value);
}

/** The text with one more item after the last of its dimension, or after all. */
export function addItem(text: string, item: Item): string {
  const items = parseDocument(text).get("items", true);
  if (!isSeq(items) || items.items.length === 0) return text;
  const same = items.items.filter((each) => isMap(each) && each.get("dimension") === item.dimension);
  const after = (same.at(-1) ?? items.items.at(-1)) as Node;
  const at = lineEnd(text, (after.range?.[1] ?? 1) - 1);
  const first = (items.items[0] as Node).range?.[0] ?? 0;
  const lead = text.slice(text.lastIndexOf("\n", first) + 1, first);
  return `${text.slice(0, at)}\n${lead}${flow(item)}${text.slice(at)}`;
}

/** The text without the item at this place, and without the line it stood on. */
export function removeItem(text: string, at: number): string {
  const node = nodeAt(text, ["items", at]);
  if (!node?.range) return text;
  const start = text.lastIndexOf("\n", node.range[0]);
  return text.slice(0, start) + text.slice(lineEnd(text, node.range[1] - 1));
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** The order in which members are said, whichever mapping they are of; others come after them. */
const ORDER = (
  "code version kind sector member catalogue_version indicator dimension zh en valid_from valid_to author frame weights " +
  "lowest highest cuts shares scale base levels coupling dimensions items bins edges curve weight missing policy points " +
  "when all at_least at_most floor shift ignores flag full part aspect overrides modifiers citation confidence"
).split(" ");
/** Lists whose members stand on a line each. */
const ON_A_LINE = new Set(["dimensions", "items"]);

/** A version in the books as the text of the next one, which `author` begins. */
export function nextText(
  live: Definition,
  next: { version: number; valid_from: string; author: string },
): string {
  const { approver: _, ...said } = { ...live, ...next } as Definition & { approver?: string };
  delete said.valid_to;
  return `${Object.entries(inOrder(said))
    .map(([name, value]) => member(name, value))
    .join("\n")}\n`;
}

/** The same with the members of every mapping in order. */
function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inOrder) as T;
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => rank(one) - rank(other));
  return Object.fromEntries(members.map(([name, each]) => [name, inOrder(each)])) as T;
}

function rank(name: string): number {
  const at = ORDER.indexOf(name);
  return at === -1 ? ORDER.length : at;
}

function member(name: string, value: unknown): string {
  if (Array.isArray(value) && typeof value[0] === "object")
    return `\n${name}:\n${value.map((each) => (ON_A_LINE.has(name) ? `  - ${flow(each)}` : block(each))).join("\n")}`;
  if (typeof value === "object" && value !== null) {
    const lines = Object.entries(value).map(([inner, each]) => `  ${inner}: ${flow(each)}`);
    return `${name}:\n${lines.join("\n")}`;
  }
  return `${name}: ${flow(value)}`;
}

function block(rule: object): string {
  return Object.entries(rule)
    .map(([name, value], at) => `${at ? "    " : "  - "}${name}: ${flow(value)}`)
    .join("\n");
}
