import { expect, test } from "vitest";
import { graphOption, once, type Tie } from "./relationGraph";

const TIES: Tie[] = [
  { kind: "person", uscc: "A", name: "甲", is_risky: false },
  { kind: "person", uscc: "B", name: "", is_risky: true },
  { kind: "address", uscc: "A", name: "甲", is_risky: false },
];
const WORDS = { kind: (code: string) => code, risky: "有风险" };

test("the graph leads from the entity through what is shared to the others", () => {
  const { series } = graphOption({ uscc: "O", name: "本" }, once(TIES), WORDS) as unknown as {
    series: {
      data: { name: string; label: { formatter: string } }[];
      links: { source: string; target: string }[];
    }[];
  };

  expect(series[0]?.data.map(({ name }) => name)).toEqual(["O", "person", "A", "B"]);
  expect(series[0]?.links).toEqual([
    { source: "O", target: "person" },
    { source: "person", target: "A" },
    { source: "person", target: "B" },
  ]);
});

test("an entity without a name is told by its code, a risky one in words and not by its colour alone", () => {
  const { series } = graphOption({ uscc: "O", name: "" }, once(TIES), WORDS) as unknown as {
    series: { data: { label: { formatter: string } }[] }[];
  };

  expect(series[0]?.data.map(({ label }) => label.formatter)).toEqual(["O", "person", "甲", "B（有风险）"]);
});

test("an entity that shares several things is one node, of the first", () => {
  expect(once(TIES).map(({ uscc, kind }) => [uscc, kind])).toEqual([
    ["A", "person"],
    ["B", "person"],
  ]);
});
