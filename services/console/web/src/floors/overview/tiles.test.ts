import { expect, test } from "vitest";
import { placed, TILES } from "./tiles";

test("no two areas stand in the same place", () => {
  const places = Object.values(TILES).map(({ column, row }) => `${column}/${row}`);

  expect(new Set(places).size).toBe(places.length);
});

test("an area that the grid does not know is shown below it, not dropped", () => {
  const areas = [{ code: "510104" }, { code: "510199" }, { code: "510198" }];

  const [known, first, second] = placed(areas);

  expect(known).toMatchObject(TILES["510104"] ?? {});
  expect(first).toMatchObject({ column: 1, row: 6 });
  expect(second).toMatchObject({ column: 2, row: 6 });
});
