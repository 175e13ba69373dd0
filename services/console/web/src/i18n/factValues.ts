import values from "../../../src/console_service/packs/fact_values.json";
import { dictionary } from "./language";

/** What the codes in facts, records and results mean. */
export const useFactValues = dictionary(values);
