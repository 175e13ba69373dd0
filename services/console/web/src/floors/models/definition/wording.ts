import type { Language } from "../../../i18n/language";
import type { Condition, Rule, Step } from "./definition";

/** What wording needs to know of an indicator. */
export interface Known {
  zh: string;
  en: string;
  unit: string;
}

export type Catalogue = ReadonlyMap<string, Known>;

const MEASURES: Record<Language, Record<string, string>> = {
  zh: { year: "年", wan_yuan: "万元", count: "" },
  en: { year: " years", wan_yuan: "0 thousand yuan", count: "" },
};

/** A value as people say it: a share in per cent, money in units of ten thousand yuan. */
export function valueText(value: number, unit: string, language: Language): string {
  if (unit === "share") return `${+(value * 100).toFixed(2)}%`;
  if (unit === "wan_yuan" && language === "en")
    return `${new Intl.NumberFormat("en-GB").format(value * 10_000)} yuan`;
  return `${value}${MEASURES[language][unit] ?? ""}`;
}

/** The values of a step in words, such as 1年至不足3年, 2次, 3及以上, 是. */
export function stepText({ from, below }: Step, unit: string, language: Language): string {
  const value = (number: number) => valueText(number, unit, language);
  const whole = unit === "count";
  if (unit === "yes_no") return yesOrNo(from, language);
  if (from === null && below === null) return language === "zh" ? "任何值" : "any value";
  if (whole && below !== null && below - (from ?? 0) === 1) return value(from ?? 0);
  if (whole && below !== null) return `${value(from ?? 0)}–${value(below - 1)}`;
  if (from === null) return language === "zh" ? `不足${value(below ?? 0)}` : `below ${value(below ?? 0)}`;
  if (below === null) return language === "zh" ? `${value(from)}及以上` : `${value(from)} or more`;
  return language === "zh"
    ? `${value(from)}至不足${value(below)}`
    : `${value(from)} to below ${value(below)}`;
}

function yesOrNo(from: number | null, language: Language): string {
  if (language === "zh") return from === null ? "否" : "是";
  return from === null ? "no" : "yes";
}

/** A condition of a rule in words. */
export function conditionText(condition: Condition, catalogue: Catalogue, language: Language): string {
  const zh = language === "zh";
  if (condition.age_days_below !== undefined)
    return zh
      ? `成立不满${condition.age_days_below}天`
      : `established less than ${condition.age_days_below} days ago`;
  const known = catalogue.get(condition.indicator ?? "");
  const name = known ? known[language] : (condition.indicator ?? "");
  const unit = known?.unit ?? "count";
  if (unit === "yes_no") return yesNoCondition(condition, name, zh);
  const value = valueText(condition.at_most ?? condition.at_least ?? 0, unit, language);
  if (condition.at_most !== undefined) return zh ? `${name}不超过${value}` : `${name}: at most ${value}`;
  return zh ? `${name}达到${value}` : `${name}: at least ${value}`;
}

function yesNoCondition(condition: Condition, name: string, zh: boolean): string {
  const holds = condition.at_most === undefined;
  if (zh) return holds ? name : `非${name}`;
  return holds ? name : `not: ${name}`;
}

/** What a rule does when it holds, in words. */
export function effectText(rule: Rule, catalogue: Catalogue, language: Language): string {
  const zh = language === "zh";
  const parts: string[] = [];
  if (rule.floor) parts.push(floorText(rule.floor, zh));
  if (rule.shift) parts.push(shiftText(rule.shift, zh));
  if (rule.ignores?.length) {
    const names = rule.ignores.map((each) => catalogue.get(each)?.[language] ?? each).join(zh ? "、" : ", ");
    parts.push(zh ? `不计分：${names}` : `gives no points: ${names}`);
  }
  return parts.join(zh ? "；" : "; ");
}

function floorText(floor: string, zh: boolean): string {
  if (floor === "D") return zh ? "直接判定为D类" : "class D";
  return zh ? `不优于${floor}类` : `${floor} at best`;
}

function shiftText(shift: number, zh: boolean): string {
  const steps = Math.abs(shift);
  if (zh) return shift > 0 ? `下调${steps}档` : `上调${steps}档`;
  return shift > 0 ? `${steps} class worse` : `${steps} class better`;
}
