import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Definition } from "../definition/definition";
import { addItem, flow, nextText, readText, removeItem, setAt } from "./yamlText";

const TEXT = `# why it is so
code: general
version: 2
base: 165 # chosen by us
scale:
  lowest: 0
  highest: 1000
  cuts: {A: 250, B: 500, C: 750}

items:
  - {indicator: base.age_years, dimension: base, bins: {edges: [1, 3], points: [20, 8, 0]}, missing: {policy: neutral}}
  - {indicator: social.complaints, dimension: social, curve: [[0, 0], [1, 8]], missing: {policy: mean, points: 2}}

overrides: # what nothing takes away
  - code: listed
    when: {indicator: regulatory.listed_now, at_least: 1}
    floor: D
`;

describe("a text that is edited in its form", () => {
  it("changes where it is told to, and nowhere else", () => {
    expect(setAt(TEXT, ["base"], 170)).toBe(TEXT.replace("base: 165", "base: 170"));
    expect(setAt(TEXT, ["scale", "cuts", "A"], 240)).toBe(TEXT.replace("A: 250", "A: 240"));
    expect(setAt(TEXT, ["items", 0, "bins", "points"], [30, 8, 0])).toBe(
      TEXT.replace("[20, 8, 0]", "[30, 8, 0]"),
    );
    expect(setAt(TEXT, ["overrides", 0, "floor"], "C")).toBe(TEXT.replace("floor: D", "floor: C"));
  });

  it("stays as it is where the place does not exist", () => {
    expect(setAt(TEXT, ["items", 9, "bins"], 1)).toBe(TEXT);
  });

  it("takes one more item beside those of its dimension, and loses one with its line", () => {
    const item = {
      indicator: "base.x",
      dimension: "base",
      bins: { edges: [1], points: [0, 5] },
      missing: { policy: "neutral" },
    };
    const more = addItem(TEXT, item);
    expect(readText(more).definition?.items.map(({ indicator }) => indicator)).toEqual([
      "base.age_years",
      "base.x",
      "social.complaints",
    ]);
    expect(removeItem(more, 1)).toBe(TEXT);
    expect(parse(addItem(TEXT, { ...item, dimension: "new" })).overrides).toHaveLength(1);
  });
});

describe("reading", () => {
  it("gives nothing where the text cannot be read, or is no model", () => {
    expect(readText("code: [general").definition).toBeNull();
    expect(readText("code: general").definition).toBeNull();
    expect(readText(TEXT).definition?.base).toBe(165);
  });
});

describe("a new draft", () => {
  it("says what the live version says, under the next number", () => {
    const live = parse(TEXT) as Definition;
    const text = nextText(
      { ...live, zh: "通用：模型", en: "yes" },
      { version: 3, valid_from: "2026-12-01", author: "王 某" },
    );
    expect(parse(text)).toEqual({
      ...live,
      zh: "通用：模型",
      en: "yes",
      version: 3,
      valid_from: "2026-12-01",
      author: "王 某",
    });
    expect(text).toContain("  - {indicator: base.age_years, dimension: base, bins:");
  });

  it("puts in quotes what YAML would take for something else", () => {
    expect(flow({ a: "yes", b: "12", c: "a: b", d: "2026-01-01", e: -15 })).toBe(
      '{a: "yes", b: "12", c: "a: b", d: 2026-01-01, e: -15}',
    );
  });
});
