import { useItems } from "../api/items";
import { useNames } from "../api/vocabulary";
import { useFactFields } from "../i18n/factFields";
import { useFactTypes } from "../i18n/facts";
import { useFactValues } from "../i18n/factValues";
import { useFormats } from "../i18n/format";
import { useNamed } from "../i18n/language";
import { fieldWord, useWords, valueWord, wordFor } from "../i18n/words";
import { told } from "./factText";

/** Words of those who tell more than facts: they come before those of facts. */
interface OwnWords {
  field: (code: string) => string | undefined;
  value: (code: string, field: string) => string | undefined;
}

const NONE: OwnWords = { field: () => undefined, value: () => undefined };

/** How facts are told in the language in use: their types, and what they say. */
export function useFactWords(own: OwnWords = NONE) {
  const [types, fields, values] = [useFactTypes(), useFactFields(), useFactValues()];
  const [areas, entityTypes] = [useNames("areas"), useNames("entity_types")];
  const format = useFormats();
  const { yes } = useWords();
  const itemOf = useItemName();
  return {
    type: (code: string) => wordFor(types, code),
    value: (code: string) => wordFor(values, code),
    says: (particulars: Record<string, unknown>, type = "") =>
      told(particulars, {
        type,
        field: (code) => own.field(code) ?? fieldWord(fields, code, type),
        value: (code, field) => own.value(code, field) ?? valueWord(values, code, field, type),
        day: format.day,
        money: format.money,
        share: format.share,
        area: areas,
        entityType: entityTypes,
        item: itemOf,
        list: format.list,
        yes,
      }),
  };
}

/** Names inspection items by sampling's list; those of other departments by their code's word. */
export function useItemName(): (code: string) => string {
  const items = useItems();
  const values = useFactValues();
  const named = useNamed();
  return (code) => {
    const item = items.get(code);
    return item ? named(item) : wordFor(values, code);
  };
}
