// A .br and a .gz beside every text of the built page, so that the process that serves it never compresses.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const page = new URL("../../src/console_service/page/", import.meta.url);
const texts = /\.(js|css|html|svg|json)$/;

for (const entry of await readdir(page, { recursive: true })) {
  if (!texts.test(entry)) continue;
  const bytes = await readFile(new URL(entry, page));
  await writeFile(new URL(`${entry}.gz`, page), gzipSync(bytes, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  await writeFile(new URL(`${entry}.br`, page), brotliCompressSync(bytes, { params: quality }));
}
