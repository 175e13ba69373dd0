import { expect, test } from "vitest";
import { placed, shortName, TILES } from "./tiles";

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

test("a name is short enough for a tile", () => {
  expect(shortName("Longquanyi District")).toBe("Longquanyi");
  expect(shortName("Tianfu New Area (Chengdu)")).toBe("Tianfu New Area");
  expect(shortName("Chengdu Hi-tech Zone")).toBe("Hi-tech Zone");
  expect(shortName("锦江区")).toBe("锦江区");
});
