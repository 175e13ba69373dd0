import { expect, test } from "vitest";
import { acceptedByDay } from "./quality";

test("each source is a bar of each day, types add up, and what was not accepted does not count", () => {
  const figure = { type: "t", verdict: "accepted" };
  const { table } = acceptedByDay(
    [
      { ...figure, day: "2026-01-02", source: "b", facts: 3 },
      { ...figure, day: "2026-01-02", source: "b", type: "u", facts: 1 },
      { ...figure, day: "2026-01-01", source: "a", facts: 2 },
      { ...figure, day: "2026-01-01", source: "a", verdict: "duplicate", facts: 9 },
    ],
    "day",
    (facts) => `${facts} facts`,
  );
  expect(table).toEqual({
    columns: ["day", "a", "b"],
    rows: [
      ["2026-01-01", "2 facts", "0 facts"],
      ["2026-01-02", "0 facts", "4 facts"],
    ],
  });
});
