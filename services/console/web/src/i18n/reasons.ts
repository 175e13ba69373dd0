import { dictionary } from "./language";

/** Why a fact is quarantined (`Reason` of ingestion's verdicts). */
export const useReasons = dictionary({
  zh: {
    subject_missing: "缺少主体代码",
    uscc_old_registration_number: "旧注册号",
    uscc_wrong_length: "代码位数不对",
    uscc_wrong_alphabet: "代码含不允许的字符",
    uscc_wrong_check_digit: "代码校验位不符",
    uscc_legacy_pilot: "试点期旧代码",
    time_missing: "缺少发生时间",
    impossible_date: "日期不存在",
    unknown_area: "辖区代码未知",
    other_entity: "更正或撤回了他人的信息",
  },
  en: {
    subject_missing: "No code",
    uscc_old_registration_number: "Old registration number",
    uscc_wrong_length: "Code of the wrong length",
    uscc_wrong_alphabet: "Code with a wrong character",
    uscc_wrong_check_digit: "Check digit does not fit",
    uscc_legacy_pilot: "Code of the pilot time",
    time_missing: "No time",
    impossible_date: "A day that is not in the calendar",
    unknown_area: "Unknown area",
    other_entity: "Concerns another entity's fact",
  },
});
