import { expect, test } from "vitest";
import { about, factType, merged } from "./trail";

test("all stages are one line of time, newest first", () => {
  const entry = (at: string, kind: string) => ({ at, kind, what: "" });
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

test("a type of fact has one name, whichever stage wrote it down", () => {
  expect(["creditloop.annual-report.filed.v1", "listing_entered"].map(factType)).toEqual([
    "annual_report_filed",
    "listing_entered",
  ]);
});

test("codes are told in words, and what has none stays as it was written", () => {
  const words = {
    fact: (code: string) => `fact ${code}`,
    value: (code: string) => (code === "repair_notice" ? "修复告知书" : code),
    signal: (family: string) => `signal ${family}`,
    decided: (before: string, after: string, points: string) => `${before}→${after} ${points}`,
  };
  const told = (kind: string, what: string) => about({ at: "", kind, what }, words);

  expect(told("fact_accepted", "creditloop.listing.entered.v1")).toBe("fact listing_entered");
  expect(told("decision", "class A → D, score 241, serious_listing")).toBe("A→D 241");
  expect(told("decision", "class A, score 171")).toBe("→A 171");
  expect(told("signal", "listed")).toBe("signal listed");
  expect(told("notice_planned", "repair_notice")).toBe("修复告知书");
  expect(told("pool_described", "version 4")).toBe("version 4");
});
