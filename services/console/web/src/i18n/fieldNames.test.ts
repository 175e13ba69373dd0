import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FIELD_NAMES } from "./fieldNames";

interface Schema {
  $ref?: string;
  properties?: Record<string, unknown>;
  anyOf?: Schema[];
}
interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Contract {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const SRC = new URL("../", import.meta.url).pathname;
const DOCS = new URL("../../../../../docs/generated/", import.meta.url).pathname;
const ASKED = /\.(GET|POST|PUT|PATCH|DELETE|useQuery|queryOptions)\(\s*(?:"get",\s*)?"(\/v1[^"]+)"/g;
const OWN = /^(patch|post) \/api\/(accounts|session)/;

function textsIn(folder: string, named: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf-8" }).filter((file) =>
    named.test(file),
  );
  return files.map((file) => readFileSync(folder + file, "utf-8"));
}

/** What the page asks services, as `post /v1/signals/assign`. */
const asked = new Set(
  textsIn(SRC, /\.tsx?$/).flatMap((text) =>
    [...text.matchAll(ASKED)].map(
      ([, method = "", path]) => `${/^[A-Z]/.test(method) ? method.toLowerCase() : "get"} ${path}`,
    ),
  ),
);

function fieldsOf({ $ref, properties = {}, anyOf = [] }: Schema, contract: Contract): string[] {
  const named = contract.components.schemas[$ref?.replace(/.*\//, "") ?? ""];
  const parts = named ? [named, ...anyOf] : anyOf;
  return [...Object.keys(properties), ...parts.flatMap((part) => fieldsOf(part, contract))];
}

function sentTo({ parameters = [], requestBody }: Operation, contract: Contract): string[] {
  const queries = parameters.filter((each) => each.in === "query").map(({ name }) => name);
  const bodies = Object.values(requestBody?.content ?? {});
  return [...queries, ...bodies.flatMap(({ schema }) => fieldsOf(schema, contract))];
}

test("every field of what the page sends has its name in both languages", () => {
  const contracts = textsIn(DOCS, /openapi\.json$/).map((text) => JSON.parse(text) as Contract);
  const sent = contracts.flatMap((contract) =>
    Object.entries(contract.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([method]) => asked.has(`${method} ${path}`) || OWN.test(`${method} ${path}`))
        .flatMap(([, operation]) => sentTo(operation, contract)),
    ),
  );

  expect(asked.size).toBeGreaterThan(100);
  expect(sent).toContain("to_version");
  expect(sent.filter((name) => !(name in FIELD_NAMES.zh))).toEqual([]);
  expect(Object.keys(FIELD_NAMES.en).sort()).toEqual(Object.keys(FIELD_NAMES.zh).sort());
});
