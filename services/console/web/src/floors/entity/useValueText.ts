import { useFormats } from "../../i18n/format";
import { useLanguage } from "../../i18n/language";
import { useWords } from "../../i18n/words";
import { valueText } from "./indicatorTable";

const UNITS = {
  zh: { year: "年", wan_yuan: "万元", ratio: "倍" },
  en: { year: "years", wan_yuan: "×10,000 yuan", ratio: "times" },
};

/** How the value of an indicator is written in the language in use. */
export function useValueText(): (value: number | null, unit: string) => string {
  const { points, share } = useFormats();
  const { yes, no } = useWords();
  const { language } = useLanguage();
  const units = UNITS[language];
  return (value, unit) => valueText(value, unit, { points, share, yes, no, units });
}
