// Types of every service's API, from the OpenAPI documents the services generate: src/api/generated/<service>.d.ts
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const documents = new URL("../../../../docs/generated/", import.meta.url);
const target = new URL("../src/api/generated/", import.meta.url);
const ending = ".openapi.json";

async function isCurrent(from, to) {
  const [source, made] = await Promise.all([stat(from), stat(to).catch(() => null)]);
  return made !== null && made.mtimeMs >= source.mtimeMs;
}

await mkdir(target, { recursive: true });
for (const name of (await readdir(documents)).filter((each) => each.endsWith(ending))) {
  const from = new URL(name, documents);
  const to = new URL(name.replace(ending, ".d.ts"), target);
  if (await isCurrent(from, to)) continue;
  const types = await openapiTS(JSON.parse(await readFile(from, "utf8")));
  await writeFile(to, astToString(types));
}
