import { expect, test } from "vitest";
import { placesOf, readMapping, withPlace, writeMapping } from "./mapping";

const MAPPING = { fact_type: "t", columns: { 代码: "subject", 日期: "time" }, empty: ["无"] };

test("a column gets another place and the rest of the mapping stays", () => {
  expect(withPlace(MAPPING, "日期", "data.published_on")).toEqual({
    ...MAPPING,
    columns: { 代码: "subject", 日期: "data.published_on" },
  });
});

test("a column without a place is not taken", () => {
  expect(withPlace(MAPPING, "日期", undefined).columns).toEqual({ 代码: "subject" });
});

test("what is written is read again, and what is no mapping is none", () => {
  expect(readMapping(writeMapping(MAPPING))).toEqual(MAPPING);
  expect(readMapping("{")).toBeNull();
  expect(readMapping('{"fact_type": "t"}')).toBeNull();
});

test("places are those of the schema's data", () => {
  const schema = {
    $ref: "#/$defs/Event",
    $defs: {
      Event: { properties: { data: { $ref: "#/$defs/Data" } } },
      Data: { properties: { kinds: {}, fine_fen: {} } },
    },
  };
  expect(placesOf(schema)).toEqual(["subject", "time", "id", "data.kinds", "data.fine_fen"]);
});
