import { dictionary } from "../../i18n/language";

export interface Bound {
  zh: string;
  en: string;
  unit: string;
  bound: number;
  at_most: boolean;
}

/** What a family's rule looks at, as profiling tells it. */
export interface Family {
  code: string;
  zh: string;
  en: string;
  kind: string;
  alpha: number | null;
  rule?: {
    days: number;
    at_least: number;
    factor: number;
    history_days: number;
    peers: number;
    reaches: Bound[];
  };
}

/** Sentences on signals by the kind of their rule. */
export const useSentences = dictionary({
  zh: {
    fact_in_effect: (n: string) => `有 ${n} 项情形，目前仍然有效`,
    reached: (name: string, n: string, bound: string) => `${name}为 ${n}，预警线 ${bound}`,
    rising: (n: string) => `近期 ${n} 件，明显多于前一时段`,
    unusual: (n: string) => `近期 ${n} 件，明显偏离自身历史水平`,
    above_peers: (name: string, n: string) => `${name}为 ${n}，明显高于同辖区同行业`,
    conflict: () => "两项信息互相矛盾",
    after: (n: string) => `此后又出现 ${n} 条相关信息`,
    report_due: () => "期限将至，尚未报送",
    rule_fact_in_effect: (days: string) => `发生规定情形且仍然有效即预警${days}`,
    rule_within: (days: string) => `（${days} 日内）`,
    rule_rising: (days: string, least: string, factor: string) =>
      `${days} 日内达 ${least} 件以上，且多于前 ${days} 日的 ${factor} 倍`,
    rule_unusual: (days: string, history: string, least: string, alpha: string) =>
      `${days} 日内达 ${least} 件以上，按前 ${history} 日自身水平推算，出现概率不超过 ${alpha}`,
    rule_above_peers: (bounds: string, peers: string, alpha: string) =>
      `${bounds}，且在同辖区同行业（不少于 ${peers} 户）中处于最高的 ${alpha}`,
    rule_conflict: () => "同一年度两项信息互相矛盾",
    rule_after: (days: string) => `在先的事项发生 ${days} 日之后，又出现与之不符的信息`,
    rule_report_due: () => "报送期内仍未报送",
    at_least: (name: string, n: string) => `${name}不低于 ${n}`,
    at_most: (name: string, n: string) => `${name}不高于 ${n}`,
    and: "，且",
    of_year: (n: string) => `${n} 年`,
    of_wan_yuan: (n: string) => `${n} 万元`,
    chance: (percent: string) => `${percent}%`,
  },
  en: {
    fact_in_effect: (n: string) => `${n} in effect at present`,
    reached: (name: string, n: string, bound: string) => `${name}: ${n}, the bound is ${bound}`,
    rising: (n: string) => `${n} lately, many more than in the span before`,
    unusual: (n: string) => `${n} lately, far from its own history`,
    above_peers: (name: string, n: string) => `${name}: ${n}, far above its peers`,
    conflict: () => "two statements contradict each other",
    after: (n: string) => `${n} seen afterwards`,
    report_due: () => "due soon and not filed",
    rule_fact_in_effect: (days: string) => `Raised when it happens and is in effect${days}`,
    rule_within: (days: string) => ` (within ${days} days)`,
    rule_rising: (days: string, least: string, factor: string) =>
      `${least} or more in ${days} days, and more than ${factor} times the ${days} days before`,
    rule_unusual: (days: string, history: string, least: string, alpha: string) =>
      `${least} or more in ${days} days, which ${history} days of own history make likely with a chance of ${alpha} at most`,
    rule_above_peers: (bounds: string, peers: string, alpha: string) =>
      `${bounds}, and among the highest ${alpha} of ${peers} or more peers in area and industry`,
    rule_conflict: () => "Two statements of the same year contradict each other",
    rule_after: (days: string) => `Something that does not go with it is seen more than ${days} days later`,
    rule_report_due: () => "Not filed within the season",
    at_least: (name: string, n: string) => `${name} at least ${n}`,
    at_most: (name: string, n: string) => `${name} at most ${n}`,
    and: ", and ",
    of_year: (n: string) => `${n} ${n === "1" ? "year" : "years"}`,
    of_wan_yuan: (n: string) => `CNY ${n} × 10,000`,
    chance: (percent: string) => `${percent}%`,
  },
});

export type Sentences = ReturnType<typeof useSentences>;
type Write = (value: number) => string;
type Writes = { count: Write; points: Write; share: Write };
type Name = (both: { zh: string; en: string }) => string;

/** What happened, in a few words: by the kind of the rule and the value that was held against it. */
export function happened(
  family: Family,
  measure: number,
  say: Sentences,
  write: Writes,
  named: Name,
): string {
  const [bound] = family.rule?.reaches ?? [];
  const value = write.points(measure);
  switch (family.kind) {
    case "fact_in_effect":
    case "rising":
    case "unusual":
    case "after":
      return say[family.kind](value);
    case "reached":
    case "above_peers":
      if (!bound) return value;
      return say[family.kind](
        named(bound),
        ofUnit(bound.unit, measure, say, write),
        ofUnit(bound.unit, bound.bound, say, write),
      );
    case "conflict":
    case "report_due":
      return say[family.kind]();
    default:
      return value;
  }
}

/** A value with its unit; how many of something are told as a number alone. */
function ofUnit(unit: string, value: number, say: Sentences, write: Writes): string {
  if (unit === "share") return write.share(value);
  if (unit === "year" || unit === "wan_yuan") return say[`of_${unit}`](write.points(value));
  return write.points(value);
}

/** What a rule asks of a value; of something that is so or not, its name. */
function boundSaid(bound: Bound, say: Sentences, write: Writes, named: Name): string {
  if (bound.unit === "yes_no") return named(bound);
  return say[bound.at_most ? "at_most" : "at_least"](
    named(bound),
    ofUnit(bound.unit, bound.bound, say, write),
  );
}

/** When a family's signal is raised, with the figures of its rule; empty where the service does not tell them. */
export function ruleSaid(family: Family, say: Sentences, write: Writes, named: Name): string {
  const { rule } = family;
  if (!rule) return "";
  const reaches = rule.reaches.map((each) => boundSaid(each, say, write, named));
  const bounds = reaches.join(say.and);
  const days = write.count(rule.days);
  const chance = say.chance(write.points((family.alpha ?? 0) * 100));
  switch (family.kind) {
    case "fact_in_effect":
      return say.rule_fact_in_effect(rule.days ? say.rule_within(days) : "");
    case "rising":
      return say.rule_rising(days, write.count(rule.at_least), write.points(rule.factor));
    case "unusual":
      return say.rule_unusual(days, write.count(rule.history_days), write.count(rule.at_least), chance);
    case "above_peers":
      return say.rule_above_peers(bounds, write.count(rule.peers), chance);
    case "conflict":
      return say.rule_conflict();
    case "after":
      return say.rule_after(days);
    case "report_due":
      return [...reaches, say.rule_report_due()].join(say.and);
    default:
      return bounds;
  }
}
