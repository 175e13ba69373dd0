import { expect, it } from "vitest";
import { type Draft, partOf, shadowOf } from "./fourEyes";

const draft = { author: "wang", edited_by: "wang", submitted_by: "zhao" } as Draft;
const step = (who: string, what: string) => ({ at: "", who, what, draft: 1, model_id: "", note: "" });

it("keeps everybody who had a part in a draft from approving it", () => {
  const trail = [step("wang", "created"), step("li", "edited"), step("wang", "edited")];
  expect(partOf("wang", draft, trail, undefined)).toBe("author");
  expect(partOf("li", draft, trail, undefined)).toBe("editor");
  expect(partOf("zhao", draft, trail, undefined)).toBe("submitter");
  expect(partOf("sun", draft, trail, "sun")).toBe("author");
  expect(partOf("qian", draft, trail, "sun")).toBeNull();
});

it("knows from the trail whether a shadow runs", () => {
  expect(shadowOf([])).toBe("none");
  expect(shadowOf([step("a", "shadow started")])).toBe("running");
  expect(shadowOf([step("a", "shadow started"), step("a", "shadow stopped"), step("b", "edited")])).toBe(
    "stopped",
  );
});
