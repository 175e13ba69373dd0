import types from "../../../src/console_service/packs/fact_types.json";
import { dictionary } from "./language";

/** What types of fact are called, by the code that profiling gives them. */
export const useFactTypes = dictionary(types);
