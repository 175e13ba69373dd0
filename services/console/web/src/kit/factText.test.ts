import { expect, test } from "vitest";
import fields from "../../../src/console_service/packs/fact_fields.json";
import values from "../../../src/console_service/packs/fact_values.json";
import { cases, names } from "../../../tests/fact_texts.json";
import { formats } from "../i18n/format";
import type { Language } from "../i18n/language";
import { fieldWord, valueWord, wordFor } from "../i18n/words";
import { type FactWords, told } from "./factText";

function wordsIn(language: Language, type: string): FactWords {
  const name = (kind: keyof typeof names, code: string) =>
    names[kind].find((each) => each.code === code)?.[language];
  const format = formats(language);
  return {
    ...format,
    type,
    field: (code) => fieldWord(fields[language], code, type),
    value: (code, field) => valueWord(values[language], code, field, type),
    area: (code) => name("areas", code) ?? code,
    entityType: (code) => name("entity_types", code) ?? code,
    item: (code) => name("items", code) ?? wordFor(values[language], code),
    yes: language === "zh" ? "是" : "Yes",
  };
}

test.each(cases)("$why", ({ type = "", particulars, zh, en }) => {
  expect(told(particulars, wordsIn("zh", type))).toEqual(zh);
  expect(told(particulars, wordsIn("en", type))).toEqual(en);
});
