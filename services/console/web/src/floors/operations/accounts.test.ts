import { expect, test } from "vitest";
import { chance, newPassword, scopeOf } from "./accounts";

test("staff of an area name it, outsiders name whom they are, and the rest name nothing", () => {
  expect(scopeOf("inspector")).toBe("area");
  expect(scopeOf("enterprise")).toBe("entity");
  expect(scopeOf("auditor")).toBeNull();
  expect(scopeOf(undefined)).toBeNull();
});

test("a password is long, in groups, and never the same", () => {
  const one = newPassword(chance);

  expect(one).toMatch(/^([a-zA-Z2-9]{5}-){3}[a-zA-Z2-9]{5}$/);
  expect(newPassword(chance)).not.toBe(one);
});

test("bytes that would make some letters likelier are thrown away", () => {
  let draws = 0;

  const password = newPassword((count) => new Uint8Array(count).fill(draws++ === 0 ? 255 : 0));

  expect(draws).toBe(2);
  expect(password).toBe("aaaaa-aaaaa-aaaaa-aaaaa");
});
