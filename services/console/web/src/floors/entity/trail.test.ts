import { expect, test } from "vitest";
import { factType, merged } from "./trail";

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
