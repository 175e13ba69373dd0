import type { components } from "../../../api/generated/classification";
import type { Language } from "../../../i18n/language";

export type Problem = components["schemas"]["ProblemRow"];

/** What the service says is wrong, and how it is said in Chinese; what is none of these stays as it came. */
const KNOWN: [RegExp, string][] = [
  [/^cannot be read as YAML: (.*)$/, "不是正确的 YAML 文本：$1"],
  [/^bins overlap: edges must rise, these are (.*)$/, "分档重叠：界点必须递增，现为 $1"],
  [/^must be one more than the (\d+) edges, are (\d+)$/, "分值个数应比界点多一个：界点 $1 个，分值 $2 个"],
  [/^overlaps the range before, which ends below (.*)$/, "与上一档重叠，上一档止于 $1 以下"],
  [/^leaves a gap: the range before ends below (.*)$/, "与上一档之间有空档，上一档止于 $1 以下"],
  [/^its values must rise, these are (.*)$/, "曲线取值必须递增，现为 $1"],
  [/^must be a number$/, "应为数字"],
  [/^must be a whole number$/, "应为整数"],
  [/^must be a text$/, "应为文字，不能为空"],
  [/^must be a list of numbers$/, "应为数字列表"],
  [/^must be a list of texts$/, "应为文字列表"],
  [/^must be a list of pairs of numbers$/, "应为成对数字的列表"],
  [/^must be a list$/, "应为列表"],
  [/^must be one of (.*)$/, "应为下列之一：$1"],
  [/^must be a date such as (.*)$/, "应为日期，例如 $1"],
  [/^is no mapping of names to values$/, "应为“名称: 值”的结构"],
  [/^has no place here$/, "此处不应有这一项，可能拼写有误"],
  [/^is said twice$/, "重复出现"],
  [/^unknown indicator (.*)$/, "指标目录中没有 $1"],
  [/^matches no indicator: (.*)$/, "没有匹配的指标：$1"],
  [/^is not in the catalogue: (.*)$/, "指标目录中没有 $1"],
  [/^is before valid_from$/, "早于起用日期"],
  [/^the general scale runs from 0 to 1000$/, "通用模型的分数应为 0 至 1000"],
  [/^must be above the lowest$/, "应高于最低分"],
  [/^the cuts are not in order within the scale: (.*)$/, "分类界线应在分数范围内依次递增，现为 $1"],
  [/^must rise between 0 and 1: (.*)$/, "占比应在 0 至 1 之间依次递增，现为 $1"],
  [/^the model has no dimensions$/, "模型没有设维度"],
  [/^either all have full marks or none$/, "各维度的满分应都设或都不设"],
  [
    /^the weights do not add up: base, full marks and coupling are (.*), the scale is (.*)$/,
    "总分不符：基础分、各维度满分与通用计分合计 $1，分数范围为 $2",
  ],
  [/^its items give no more than (.*) of (.*)$/, "本维度指标最多得 $1 分，达不到满分 $2"],
  [/^a model needs at least one$/, "至少要有一项指标"],
  [/^must be above 0$/, "应大于 0"],
  [/^(.*) is there twice$/, "$1 重复出现"],
  [/^is one step at most$/, "最多调整一档"],
  [/^an override sets a floor and nothing else$/, "直接判定规则只能设定最优类别"],
  [/^changes nothing$/, "没有任何作用"],
  [/^a condition of age needs a flag, by which it is seen in the books$/, "以成立时间为条件的规则应设标注"],
  [/^overlaps (.*), which is live from (.*)$/, "起用日期与 $1 重叠，后者自 $2 起用"],
  [/^overlaps (.*), which is live up to (.*)$/, "起用日期与 $1 重叠，后者至 $2 止"],
  [/^must be between 1 and (.*)$/, "应在 1 至 $1 之间"],
  [/^(.*) is in the books or behind it: the next is (\d+)$/, "$1 已在册或已过时：下一版本号为 $2"],
  [/^is not written here: it is whoever approves the draft$/, "审批人不写在文本中，以实际审批人为准"],
  [/^must say the points, or curve must$/, "应写明分档（bins）或折算曲线（curve）"],
  [/^must not stand beside bins$/, "不能与分档同时出现"],
];

/** Why something is wrong, in the language in use. */
export function reasonText(reason: string, language: Language): string {
  if (language === "en") return reason;
  for (const [said, words] of KNOWN) if (said.test(reason)) return reason.replace(said, words);
  return reason;
}
