import { useLanguage } from "../../../i18n/language";
import { wordFor } from "../../../i18n/words";
import { useText } from "../text";
import type { FILTERS, Indicator } from "./choosing";
import { useIndicatorText } from "./indicatorText";

const PREFIX: Partial<Record<Name, string>> = {
  dimension: "d_",
  missing: "missing_",
  effect: "effect_",
  unit: "u_",
};

type Name = (typeof FILTERS)[number] | "unit";

/** What a value of the catalogue is called; groups have a name in Chinese, and their code in English. */
export function useIndicatorWord(indicators: Indicator[]): (name: Name, value: string) => string {
  const text = { ...useText(), ...useIndicatorText() };
  const { language } = useLanguage();
  return (name, value) => {
    if (name !== "group") return wordFor(text, `${PREFIX[name] ?? ""}${value}`);
    const zh = indicators.find((each) => each.group === value)?.group_zh ?? value;
    return language === "zh" ? zh : value.replaceAll("_", " ");
  };
}
