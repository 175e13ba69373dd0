import { expect, test } from "vitest";
import fields from "../../../src/console_service/packs/fact_fields.json";
import values from "../../../src/console_service/packs/fact_values.json";
import { cases, names } from "../../../tests/fact_texts.json";
import { formats } from "../i18n/format";
import type { Language } from "../i18n/language";
import { wordFor, wordWithin } from "../i18n/words";
import { type FactWords, told } from "./factText";

function wordsIn(language: Language): FactWords {
  const name = (kind: keyof typeof names, code: string) =>
    names[kind].find((each) => each.code === code)?.[language];
  const format = formats(language);
  return {
    ...format,
    field: (code) => wordFor(fields[language], code),
    value: (code, field) => wordWithin(field, values[language], code),
    area: (code) => name("areas", code) ?? code,
    entityType: (code) => name("entity_types", code) ?? code,
    item: (code) => name("items", code) ?? wordFor(values[language], code),
    yes: language === "zh" ? "是" : "Yes",
  };
}

test.each(cases)("$why", ({ particulars, zh, en }) => {
  expect(told(particulars, wordsIn("zh"))).toEqual(zh);
  expect(told(particulars, wordsIn("en"))).toEqual(en);
});
