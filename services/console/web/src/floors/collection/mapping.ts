/** A mapping as `docs/files.md` describes it; only its columns are edited piece by piece. */
export interface Mapping {
  fact_type: string;
  columns: Record<string, string | string[]>;
  [part: string]: unknown;
}

/** The mapping in the text, or null where the text is not one. */
export function readMapping(text: string): Mapping | null {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && typeof value.columns === "object" ? value : null;
  } catch {
    return null;
  }
}

/** The mapping with another place for one column; no place takes the column out of it. */
export function withPlace(mapping: Mapping, column: string, place: string | undefined): Mapping {
  const { [column]: _before, ...others } = mapping.columns;
  return { ...mapping, columns: place ? { ...others, [column]: place } : others };
}

/** A mapping as people edit it. */
export function writeMapping(mapping: Mapping): string {
  return JSON.stringify(mapping, null, 2);
}

/** The places a type of fact has, from its JSON Schema: `subject`, `time`, `id` and `data.<member>`. */
export function placesOf(schema: unknown): string[] {
  const definitions =
    (schema as { $defs?: Record<string, { properties?: Record<string, unknown> }> })?.$defs ?? {};
  const name = (schema as { $ref?: string })?.$ref?.split("/").pop() ?? "";
  const data = definitions[name]?.properties?.data as { $ref?: string } | undefined;
  const members = definitions[data?.$ref?.split("/").pop() ?? ""]?.properties ?? {};
  return ["subject", "time", "id", ...Object.keys(members).map((member) => `data.${member}`)];
}
