import { expect, it } from "vitest";
import { beforeOf, type ModelSummary, standings } from "./standing";

function version(id: string, days: string[], more: Partial<ModelSummary> = {}): ModelSummary {
  const went_live = days.map((from_day, at) => ({
    from_day,
    how: "approved",
    at: `2026-01-0${at + 1}T00:00:00Z`,
    by: "x",
    approved_by: "y",
  }));
  return { id, kind: "general", went_live, valid_to: null, ...more } as ModelSummary;
}

it("tells what judges, what judged, what will, and what never went live", () => {
  const models = [
    version("general@1", ["2026-01-01"]),
    version("general@2", ["2026-03-01"]),
    version("general@3", ["2026-12-01"]),
    version("general@4", []),
  ];
  const found = Object.fromEntries(
    standings(models, "2026-06-01").map(({ model, standing }) => [model.id, standing]),
  );
  expect(found).toEqual({
    "general@1": "past",
    "general@2": "in_force",
    "general@3": "coming",
    "general@4": "never",
  });
});

it("lets a version that was gone back to judge again", () => {
  const back = { ...version("general@1", ["2026-01-01", "2026-04-01"]) };
  const found = standings([back, version("general@2", ["2026-03-01"])], "2026-06-01");
  expect(found.find(({ standing }) => standing === "in_force")?.model.id).toBe("general@1");
});

it("lists general models first, then sectors, newest versions first", () => {
  const sector = version("advertising@1", ["2026-01-01"], { kind: "sector" });
  const found = standings([sector, version("general@1", []), version("general@2", [])], "2026-06-01");
  expect(found.map(({ model }) => model.id)).toEqual(["general@2", "general@1", "advertising@1"]);
});

it("compares a version with the next older one of its code", () => {
  const models = [version("general@1", []), version("general@2", []), version("price@1", [])];
  expect(beforeOf("general@2", models)).toBe("general@1");
  expect(beforeOf("price@1", models)).toBeUndefined();
});
