import { expect, it } from "vitest";
import { reasonText } from "./problems";

it("says in Chinese what the service found wrong", () => {
  expect(reasonText("bins overlap: edges must rise, these are 1, 5, 3", "zh")).toBe(
    "分档重叠：界点必须递增，现为 1, 5, 3",
  );
  expect(
    reasonText("the weights do not add up: base, full marks and coupling are 1005, the scale is 1000", "zh"),
  ).toBe("总分不符：基础分、各维度满分与通用计分合计 1005，分数范围为 1000");
});

it("leaves English, and what it does not know, as it came", () => {
  expect(reasonText("must be a number", "en")).toBe("must be a number");
  expect(reasonText("something new", "zh")).toBe("something new");
});
