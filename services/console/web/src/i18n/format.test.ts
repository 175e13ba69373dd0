import { expect, test } from "vitest";
import { formats } from "./format";

test("a change has its sign, and what rounds to nothing has none", () => {
  const { change } = formats("zh");

  expect([2.5, -5, 0.04, -0.04, 0].map(change)).toEqual(["+2.5", "-5", "0", "0", "0"]);
});
