import { expect, test } from "vitest";
import { groupOf } from "./factGroups";

test("every type has a kind", () => {
  expect(
    ["listing_entered", "complaint_received", "advert_monitored", "record_stopped"].map(groupOf),
  ).toEqual(["penalty", "complaint", "other", "penalty"]);
});
