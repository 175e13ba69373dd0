import { expect, it } from "vitest";
import { onlyChanges, sideBySide } from "./lines";

it("tells what one said, what the other said, and what both said", () => {
  const lines = sideBySide("a\nb\nc", "a\nx\nc\nd");
  expect(lines.map(({ side, text }) => `${side} ${text}`)).toEqual([
    "both a",
    "theirs b",
    "ours x",
    "both c",
    "ours d",
  ]);
  expect(lines.map(({ number }) => number)).toEqual([1, 2, 2, 3, 4]);
});

it("leaves out what is far from any change", () => {
  const lines = onlyChanges(sideBySide("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\nx"), 1);
  expect(lines.map(({ text }) => text)).toEqual(["5", "6", "x"]);
});
