import { expect, test } from "vitest";
import { type Family, happened, ruleSaid, type Sentences } from "./sentences";

const WRITE = { count: String, points: String, share: (value: number) => `${value * 100} %` };
const say = new Proxy({} as Sentences, {
  get: (_, name) => (name === "and" ? " & " : (...args: string[]) => [name, ...args].join(" ")),
});
const named = (both: { zh: string }) => both.zh;
const none = { days: 0, at_least: 0, factor: 0, history_days: 0, peers: 0, reaches: [] };

function family(
  kind: string,
  rule: Partial<NonNullable<Family["rule"]>>,
  alpha: number | null = null,
): Family {
  return { code: "f", zh: "类", en: "family", kind, alpha, rule: { ...none, ...rule } };
}

test("what has reached a bound is told with the bound, in its own unit", () => {
  const late = { zh: "超期率", en: "late", unit: "share", bound: 0.2, at_most: false };
  expect(happened(family("reached", { reaches: [late] }), 0.5, say, WRITE, named)).toBe(
    "reached 超期率 50 % 20 %",
  );
});

test("what happened is told by the kind of rule", () => {
  expect(happened(family("rising", {}), 4, say, WRITE, named)).toBe("rising 4");
  expect(happened(family("conflict", {}), 1, say, WRITE, named)).toBe("conflict");
});

test("a rule is told with its figures", () => {
  const both = [
    { zh: "甲", en: "a", unit: "count", bound: 2, at_most: false },
    { zh: "乙", en: "b", unit: "count", bound: 9, at_most: true },
  ];
  expect(ruleSaid(family("reached", { reaches: both }), say, WRITE, named)).toBe(
    "at_least 甲 2 & at_most 乙 9",
  );
  const unusual = family("unusual", { days: 30, at_least: 3, history_days: 360 }, 0.01);
  expect(ruleSaid(unusual, say, WRITE, named)).toBe("rule_unusual 30 360 3 chance 1");
});

test("years and money have their units, and what is so or not is told by its name", () => {
  const reaches = [
    { zh: "是会员", en: "member", unit: "yes_no", bound: 1, at_most: false },
    { zh: "年限", en: "age", unit: "year", bound: 1, at_most: true },
    { zh: "金额", en: "amount", unit: "wan_yuan", bound: 1000, at_most: false },
  ];
  expect(ruleSaid(family("report_due", { reaches }), say, WRITE, named)).toBe(
    "是会员 & at_most 年限 of_year 1 & at_least 金额 of_wan_yuan 1000 & rule_report_due",
  );
});
