import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kindOf } from "../api/problem";
import { FAULTS, PROBLEMS } from "./problems";

const told = JSON.parse(
  readFileSync(new URL("../../../../../docs/generated/problems.json", import.meta.url), "utf-8"),
) as { types: { type: string; status: number }[]; faults: string[] };

test("every problem that a service can tell of has its own sentence in both languages", () => {
  const kinds = told.types.map(({ type }) => type.replace("urn:creditloop:problem:", ""));

  expect(kinds.length).toBeGreaterThan(40);
  for (const sentences of [PROBLEMS.zh, PROBLEMS.en])
    expect(Object.keys(sentences).sort()).toEqual(["no-answer", ...kinds].sort());
});

test("every fault of a field has its words, and no words are of a fault that is gone", () => {
  for (const words of [FAULTS.zh, FAULTS.en])
    expect(Object.keys(words).sort()).toEqual([...told.faults].sort());
});

test("a problem of a type nobody knows is told by its status, with the service's own words", () => {
  const of = (type: string, status: number) => kindOf({ type, status, title: "" }, PROBLEMS.zh);

  expect(of("urn:creditloop:problem:own-account", 409)).toEqual({ kind: "own-account", enough: true });
  expect(of("urn:creditloop:problem:new-here", 409)).toEqual({ kind: "conflict", enough: false });
  expect(of("about:blank", 503)).toEqual({ kind: "overloaded", enough: false });
  expect(of("about:blank", 418)).toEqual({ kind: "unexpected", enough: false });
});
