import type { Language } from "../../../i18n/language";
import type { Catalogue } from "./wording";

const PARTS: Record<Language, Record<string, string>> = {
  zh: {
    items: "指标",
    overrides: "直接判定规则",
    modifiers: "调整规则",
    dimensions: "维度",
    scale: "分数",
    levels: "类别名称",
    coupling: "通用类别计分",
    frame: "模型框架",
    weights: "权重",
    base: "基础分",
    version: "版本号",
    valid_from: "文本起用日期",
    valid_to: "文本截止日期",
    author: "编制单位",
    catalogue_version: "指标目录版本",
    code: "代码",
    kind: "类型",
    sector: "行业",
    member: "行业成员指标",
    zh: "中文名称",
    en: "英文名称",
    approver: "审批人",
    cuts: "界线",
    shares: "占比",
    lowest: "最低分",
    highest: "最高分",
    citation: "依据",
    confidence: "依据性质",
    points: "分值",
    edges: "分档界点",
    bins: "分档",
    curve: "折算曲线",
    weight: "权重",
    missing: "缺失处理",
    policy: "方式",
    dimension: "所属维度",
    full: "满分",
    part: "静态或动态",
    aspect: "信用或风险",
    when: "条件",
    all: "全部条件",
    at_least: "至少",
    at_most: "至多",
    age_days_below: "成立天数",
    floor: "不优于",
    shift: "调整档数",
    ignores: "不计分指标",
    flag: "标注",
    indicator: "指标",
    note: "备注",
  },
  en: {},
};

/** Where something stands in a model, in words: `items.base.age_years.bins.points` is 成立年限 · 分档 · 分值. */
export function placeText(place: string, catalogue: Catalogue, language: Language): string {
  const word = (part: string) => PARTS[language][part] ?? part.replaceAll("_", " ");
  const [first = "", ...rest] = place.split(".");
  const within = rest.join(".");
  const code = first === "items" ? codeAt(within, catalogue) : "";
  if (!code) return [first, ...rest].map(word).join(" · ");
  const after = within
    .slice(code.length + 1)
    .split(".")
    .filter(Boolean);
  return [catalogue.get(code)?.[language] ?? code, ...after.map(word)].join(" · ");
}

/** The indicator that a place within `items` begins with. */
function codeAt(within: string, catalogue: Catalogue): string {
  const parts = within.split(".");
  for (let length = parts.length; length > 0; length--) {
    const code = parts.slice(0, length).join(".");
    if (catalogue.has(code)) return code;
  }
  return "";
}
