import { expect, test } from "vitest";
import { type OwnRecord, repairOf } from "./records";

const RECORD: OwnRecord = {
  record_id: "bureau|1",
  kind: "abnormal_listing",
  document_number: "1",
  decided_on: "2026-11-22",
  state: "open",
  published_on: "2026-11-22",
  apply_from: "2026-11-27",
  stops_on: null,
  stopped_on: null,
  citation: "",
  what_to_do_zh: "",
  what_to_do_en: "",
};

test("repair may be applied for from the day the service names, that day included", () => {
  expect(repairOf(RECORD, "2026-11-26")).toBe("later");
  expect(repairOf(RECORD, "2026-11-27")).toBe("now");
});

test("nothing is applied for when publicity has stopped or no day is named", () => {
  expect(repairOf({ ...RECORD, state: "stopped" }, "2026-11-27")).toBe("stopped");
  expect(repairOf({ ...RECORD, apply_from: null }, "2026-11-27")).toBe("never");
});

test("what is never published needs no repair, and is not called public", () => {
  const unpublished = { ...RECORD, published_on: null };

  expect(repairOf(unpublished, "2026-11-27")).toBe("unpublished");
  expect(repairOf({ ...unpublished, state: "stopped" }, "2026-11-27")).toBe("unpublished");
});
