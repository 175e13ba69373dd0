import fields from "../../../src/console_service/packs/fact_fields.json";

/** How the particulars of facts of a type are told: words and formats of the language in use. */
export interface FactWords {
  type: string;
  field: (code: string) => string;
  value: (code: string, field: string) => string;
  day: (day: string) => string;
  money: (fen: number) => string;
  share: (share: number) => string;
  area: (code: string) => string;
  entityType: (code: string) => string;
  item: (code: string) => string;
  list: (items: string[]) => string;
  yes: string;
}

const HIDDEN = new Set(fields.hidden);
const AREAS = new Set(fields.areas);
const FREE = new Set(fields.free);
const CHANGES = new Set(fields.changes);

/** A fact's particulars as pairs of what it is and what it says; what machines alone need is left out. */
export function told(particulars: Record<string, unknown>, words: FactWords): [string, string][] {
  return Object.entries(particulars)
    .filter(([code, value]) => !HIDDEN.has(code) && value !== null)
    .map(([code, value]) => pair(code, value, particulars, words))
    .filter(([, value]) => value !== "");
}

function pair(
  code: string,
  value: unknown,
  all: Record<string, unknown>,
  words: FactWords,
): [string, string] {
  if (code.endsWith("_day") && typeof value === "number")
    return [words.field(code.slice(0, -4)), words.day(dayOf(value))];
  if (code.endsWith("_fen")) return [words.field(code), words.money(Number(value))];
  if (code.endsWith("_ppm")) return [words.field(code), words.share(Number(value) / 1_000_000)];
  if (code === "field" && CHANGES.has(words.type)) return [words.field(code), words.field(String(value))];
  if ((code === "after" || code === "before") && all.field)
    return [words.field(code), changed(String(all.field), String(value), words)];
  return [words.field(code), written(code, value, words)];
}

function changed(field: string, value: string, words: FactWords): string {
  if (field.endsWith("_fen")) return words.money(Number(value));
  return written(field, value, words);
}

function written(code: string, value: unknown, words: FactWords): string {
  if (typeof value === "boolean") return answered(code, value, words);
  if (Array.isArray(value)) return words.list(value.map((each) => written(code, each, words)));
  const text = String(value ?? "");
  if (AREAS.has(code)) return words.area(text);
  if (code === "entity_type") return words.entityType(text);
  if (code === "item") return words.list(text.split(",").map(words.item));
  return FREE.has(code) || /_(ref|refs|id)$/.test(code) ? text : words.value(text, code);
}

/** Yes and no have words of their own where no is an answer; elsewhere no goes without saying. */
function answered(code: string, yes: boolean, words: FactWords): string {
  const answer = `${code}_${yes}`;
  const word = words.value(answer, code);
  if (word !== answer) return word;
  return yes ? words.yes : "";
}

function dayOf(number: number): string {
  return new Date(number * 86_400_000).toISOString().slice(0, 10);
}
