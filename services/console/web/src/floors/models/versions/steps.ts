import type { Language } from "../../../i18n/language";

const WORDS: Record<string, string> = {
  shipped: "随系统提供并上线",
  offered: "随系统提供，待审批",
  created: "新建草案",
  edited: "修改",
  submitted: "提交审批",
  approved: "审批通过",
  returned: "退回",
  withdrawn: "撤回",
  promoted: "上线",
  "shadow started": "开始影子运行",
  "shadow stopped": "停止影子运行",
  "rollback proposed": "提议回退",
  "rolled back": "批准回退",
  "rollback refused": "不予回退",
};

/** What a step of a trail is called. */
export function stepWord(what: string, language: Language): string {
  return language === "zh" ? (WORDS[what] ?? what) : what;
}
