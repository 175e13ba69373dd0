import fields from "../../../src/console_service/packs/fact_fields.json";
import { dictionary } from "./language";

/** What the particulars of facts are called; a day is asked for without `_day`. */
export const useFactFields = dictionary(fields);
