import { expect, it } from "vitest";
import { differs, estimateText, fine, scaleOf, whiskerOf, withNames } from "./intervals";
import { daysBefore, workbookOf } from "./period";

const some = { n: 40, value: 0.2, low: 0.1, high: 0.4 };
const none = { n: 3, value: null, low: null, high: null };

it("writes an estimate with its interval, and nothing where there is none", () => {
  expect(estimateText(some, String)).toBe("0.2（0.1–0.4）");
  expect(estimateText(none, String)).toBe("—");
});

it("draws all intervals on one scale", () => {
  expect(scaleOf([some, none])).toBe(0.4);
  expect(whiskerOf(some, 0.4)).toEqual({ from: 0.25, to: 1, at: 0.5 });
  expect(whiskerOf(none, 0.4)).toBeNull();
});

it("takes a ratio to differ only where 1 is outside its interval", () => {
  expect(differs({ n: 9, value: 1.5, low: 1.1, high: 2 })).toBe(true);
  expect(differs({ n: 9, value: 1.5, low: 0.9, high: 2 })).toBe(false);
  expect(differs(none)).toBe(false);
});

it("asks for the workbook of the same period", () => {
  expect(workbookOf({})).toBe("/api/classification/v1/reviews/summary.xlsx");
  expect(workbookOf({ since: "2026-01-01", area: "510104" })).toBe(
    "/api/classification/v1/reviews/summary.xlsx?since=2026-01-01&area=510104",
  );
  expect(daysBefore("2026-03-01", 31)).toBe("2026-01-29");
});

it("reads groups and areas by name", () => {
  const area = (code: string) => (code === "510106" ? "金牛区" : code);
  const words = { g_100_to_1000_wan: "100 万至 1000 万元" };
  expect(withNames("其中100_to_1000_wan与510106的比例为1424次，AUC=0.571", words, area)).toBe(
    "其中100 万至 1000 万元与金牛区的比例为1424次，AUC=0.571",
  );
  expect(fine(0.57149)).toBe("0.571");
  expect(fine(0.0000085)).toBe("< 0.001");
  expect(fine(null)).toBe("—");
});
