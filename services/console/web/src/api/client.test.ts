import { expect, test } from "vitest";
import { classification, repair } from "./client";

test("the same path of two services has two keys, and one that stays the same for the same question", () => {
  const ask = { params: { path: { uscc: "91510104YY000000AB" } } };
  const one = classification.queryOptions("get", "/v1/trail/{uscc}", ask).queryKey;
  const other = repair.queryOptions("get", "/v1/trail/{uscc}", ask).queryKey;

  expect(one).not.toEqual(other);
  expect(one).toEqual(classification.queryOptions("get", "/v1/trail/{uscc}", ask).queryKey);
  expect(one.slice(0, 2)).toEqual(["get", "/v1/trail/{uscc}"]);
});
