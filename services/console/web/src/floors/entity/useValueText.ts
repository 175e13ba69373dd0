import units from "../../../../src/console_service/packs/units.json";
import { useFormats } from "../../i18n/format";
import { useLanguage } from "../../i18n/language";
import { useWords } from "../../i18n/words";
import { valueText } from "./indicatorTable";

/** How the value of an indicator is written in the language in use. */
export function useValueText(): (value: number | null, unit: string) => string {
  const { points, share } = useFormats();
  const { yes, no } = useWords();
  const { language } = useLanguage();
  return (value, unit) => valueText(value, unit, { points, share, yes, no, units: units[language] });
}
