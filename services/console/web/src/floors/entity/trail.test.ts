import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { about, merged, placeOf, type Says, type Stage } from "./trail";
import { TRAIL_VALUES } from "./trailText";

test("all stages are one line of time, newest first", () => {
  const entry = (at: string, kind: string) => ({ at, kind, what: "", says: {} });
  const trail = merged({
    classification: [entry("2026-01-01T00:00:02Z", "decision")],
    ingestion: [
      entry("2026-01-01T00:00:00Z", "fact_accepted"),
      entry("2026-01-01T00:00:02Z", "fact_accepted"),
    ],
    profiling: [entry("2026-01-01T00:00:01Z", "fact")],
  });

  expect(trail.map(({ stage }) => stage)).toEqual(["classification", "ingestion", "profiling", "ingestion"]);
});

const entry = (stage: Stage, kind: string, what: string, says: Says = {}) => ({
  ...{ at: "", key: "" },
  ...{ stage, kind, what, says },
});

test("what an entry is about is told in the words of its code", () => {
  const words = {
    fact: (code: string) => `fact ${code}`,
    value: (code: string) => `value ${code}`,
    family: (code: string) => `family ${code}`,
  };

  expect(about(entry("ingestion", "quarantine_open", "listing_entered"), words)).toBe("fact listing_entered");
  expect(about(entry("profiling", "fact", "penalty_imposed"), words)).toBe("fact penalty_imposed");
  expect(about(entry("notification", "signal", "listed"), words)).toBe("family listed");
  expect(about(entry("notification", "clue_created", "listed"), words)).toBe("family listed");
  expect(about(entry("notification", "notice_planned", "repair_notice"), words)).toBe("value repair_notice");
  expect(about(entry("sampling", "drawn", ""), words)).toBe("");
});

test("an entry leads to the page of what it tells of", () => {
  const placeOfOne = (kind: string, says: Says) => placeOf(entry("profiling", kind, "", says), "9151");

  expect(placeOfOne("signal", { signal_id: "s|1" })).toBe("/warnings/s%7C1");
  expect(placeOfOne("task", { task_id: "t-1" })).toBe("/inspections/t-1");
  expect(placeOfOne("decision", { number: 3 })).toBe("/entities/9151/compare?from=2&to=3");
  expect(placeOfOne("decision", { number: 1 })).toBeUndefined();
  expect(placeOfOne("record_opened", { record_id: "r" })).toBe("/entities/9151?tab=records");
  expect(placeOfOne("clue_created", { clue_id: "c" })).toBe("/entities/9151?tab=supervision");
  expect(placeOfOne("profile", { profile_version: 3 })).toBeUndefined();
});

test("every rule that decides a class in place of the score has a word", () => {
  const models = new URL(
    "../../../../../classification/src/classification_service/packs/models/",
    import.meta.url,
  ).pathname;
  const codes = readdirSync(models)
    .map((file) => parse(readFileSync(models + file, "utf-8")))
    .filter(({ kind }) => kind !== "sector")
    .flatMap(({ overrides, modifiers }) => [...overrides, ...modifiers, { code: "manual" }])
    .map(({ code }) => `override_code_${code}`);

  expect(codes.length).toBeGreaterThan(10);
  expect(Object.keys(TRAIL_VALUES.zh)).toEqual(expect.arrayContaining(codes));
});
