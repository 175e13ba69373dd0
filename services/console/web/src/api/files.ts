import { patiently } from "./back";
import { problemIn } from "./own";

/** A file as the service named it. */
export interface Fetched {
  name: string;
  content: Blob;
}

/** Fetches a file; when the session has ended, once its person is back.
 *
 * @throws {Problem} the answer is not one of success.
 */
export async function fetchFile(address: string): Promise<Fetched> {
  const response = await patiently(new Request(address));
  if (!response.ok) throw await problemIn(response);
  return { name: nameOf(response, address), content: await response.blob() };
}

/** What the service calls the file, else the end of its address. */
function nameOf(response: Response, address: string): string {
  const said = response.headers.get("content-disposition") ?? "";
  const written = /filename\*=UTF-8''([^;]+)/.exec(said)?.[1];
  if (written) return decodeURIComponent(written);
  return /filename="([^"]+)"/.exec(said)?.[1] ?? address.replace(/\?.*/, "").replace(/.*\//, "");
}
