import { expect, test } from "vitest";
import { pieces } from "./highlight";

test("what matched is marked, and the pieces together are the text", () => {
  const cut = pieces("虚构锦江拾光旺物业", [[2, 6]]);

  expect(cut).toEqual([
    { text: "虚构", hit: false },
    { text: "锦江拾光", hit: true },
    { text: "旺物业", hit: false },
  ]);
});

test("ranges are counted in characters as people see them, also those beyond the first plane", () => {
  expect(pieces("𠮷野家", [[0, 1]])[0]).toEqual({ text: "𠮷", hit: true });
});

test("ranges that touch or come in any order lose and double nothing", () => {
  const cut = pieces("abcdef", [
    [3, 5],
    [0, 2],
    [4, 6],
  ]);

  expect(cut.map(({ text }) => text).join("")).toBe("abcdef");
});

test("without a range the text is one piece", () => {
  expect(pieces("abc", [])).toEqual([{ text: "abc", hit: false }]);
});
