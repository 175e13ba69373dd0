// From the OpenAPI documents the services generate, into src/api/generated: types of every service's API as
// <service>.d.ts, and operations.json, what each call does in words of both languages.
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const documents = new URL("../../../../docs/generated/", import.meta.url);
const target = new URL("../src/api/generated/", import.meta.url);
const ending = ".openapi.json";

async function isCurrent(from, to) {
  const [source, made] = await Promise.all([stat(from), stat(to).catch(() => null)]);
  return made !== null && made.mtimeMs >= source.mtimeMs;
}

/** A service's calls, those with fewer placeholders first; a summary is English, then Chinese. */
function operations(service, { paths }) {
  return Object.entries(paths)
    .flatMap(([path, calls]) => Object.entries(calls).map(([method, { summary }]) => [path, method, summary]))
    .sort(([one], [other]) => one.split("{").length - other.split("{").length)
    .map(([path, method, summary]) => {
      const [, en, zh] = /^(.+?) \(?(\p{Script=Han}.*?)\)?$/u.exec(summary) ?? [];
      if (!zh)
        throw new Error(`${service}: ${method} ${path} is not summed up in both languages: ${summary}`);
      return { service, method: method.toUpperCase(), path: path.replace(/^\/api\//, "/"), zh, en };
    });
}

await mkdir(target, { recursive: true });
const told = [];
for (const name of (await readdir(documents)).filter((each) => each.endsWith(ending))) {
  const from = new URL(name, documents);
  const to = new URL(name.replace(ending, ".d.ts"), target);
  const document = JSON.parse(await readFile(from, "utf8"));
  told.push(...operations(name.replace(ending, ""), document));
  if (await isCurrent(from, to)) continue;
  await writeFile(to, astToString(await openapiTS(document)));
}
await writeFile(new URL("operations.json", target), JSON.stringify(told));
