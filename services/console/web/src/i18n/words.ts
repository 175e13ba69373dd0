import statuses from "../../../src/console_service/packs/statuses.json";
import { dictionary } from "./language";

/** Words that every floor uses. */
export const useWords = dictionary({
  zh: {
    product: "信用闭环",
    search: "查询",
    reset: "重置",
    refresh: "刷新",
    retry: "重试",
    save: "保存",
    cancel: "取消",
    confirm: "确定",
    close: "关闭",
    undo: "撤销",
    print: "打印",
    export_excel: "导出 Excel",
    export_pdf: "打印 / 存为 PDF",
    more: "加载更多",
    all: "全部",
    yes: "是",
    no: "否",
    none: "无",
    reason: "理由",
    reason_short: "请写明理由，不少于 3 个字",
    empty: "没有符合条件的数据",
    empty_hint: "可放宽筛选条件，或稍后再看。",
    done: "已完成",
    technical: "技术说明",
    trace: "编号",
    as_table: "以表格显示",
    as_chart: "以图表显示",
    entity: "经营主体",
    uscc: "统一社会信用代码",
    name: "名称",
    area: "辖区",
    sector: "行业领域",
    industry: "行业",
    class: "信用风险类别",
    state: "状态",
    date: "日期",
    actions: "操作",
    count: (n: string) => `共 ${n} 条`,
  },
  en: {
    product: "creditloop",
    search: "Search",
    reset: "Reset",
    refresh: "Refresh",
    retry: "Try again",
    save: "Save",
    cancel: "Cancel",
    confirm: "OK",
    close: "Close",
    undo: "Undo",
    print: "Print",
    export_excel: "Export to Excel",
    export_pdf: "Print / save as PDF",
    more: "Load more",
    all: "All",
    yes: "Yes",
    no: "No",
    none: "None",
    reason: "Reason",
    reason_short: "Give a reason of at least 3 characters",
    empty: "Nothing matches",
    empty_hint: "Widen the filters, or look again later.",
    done: "Done",
    technical: "Technical note",
    trace: "Number",
    as_table: "Show as a table",
    as_chart: "Show as a chart",
    entity: "Entity",
    uscc: "Unified social credit code",
    name: "Name",
    area: "Area",
    sector: "Sector",
    industry: "Industry",
    class: "Class",
    state: "State",
    date: "Date",
    actions: "Actions",
    count: (n: string) => `${n} in all`,
  },
});

/** What roles are called. */
export const useRoles = dictionary({
  zh: {
    city_administrator: "市级管理员",
    area_officer: "辖区监管人员",
    inspector: "检查人员",
    repair_officer: "信用修复人员",
    model_manager: "模型管理员",
    approver: "审批人员",
    auditor: "审计人员",
    enterprise: "经营主体",
    platform: "平台企业",
    source_system: "数据来源单位",
  },
  en: {
    city_administrator: "City administrator",
    area_officer: "Area officer",
    inspector: "Inspector",
    repair_officer: "Repair officer",
    model_manager: "Model manager",
    approver: "Approver",
    auditor: "Auditor",
    enterprise: "Enterprise",
    platform: "Platform",
    source_system: "Source system",
  },
});

/** Registration states of an entity. */
export const useStatuses = dictionary(statuses);

/** A word for a code, or the code itself where there is none. */
export function wordFor(words: Record<string, unknown>, code: string | null | undefined): string {
  if (!code) return "—";
  const word = words[code];
  return typeof word === "string" ? word : code;
}

/** The word of the first code that has one: the nearest meaning comes first, and the last code is told if none has. */
export function firstWord(words: Record<string, unknown>, ...codes: string[]): string {
  return wordFor(words, codes.find((code) => code in words) ?? codes.at(-1));
}

/** A word for a field of facts of a type. */
export function fieldWord(words: Record<string, unknown>, code: string, type: string): string {
  return firstWord(words, `${type}.${code}`, code);
}

/** A word for a code in a field of facts of a type. */
export function valueWord(words: Record<string, unknown>, code: string, field: string, type: string): string {
  return firstWord(words, `${type}.${field}_${code}`, `${field}_${code}`, code);
}
