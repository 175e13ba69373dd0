import { back, isNotTheirs, meantFor } from "../../api/back";
import { ingestion, OURS } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { type Problem, problemOf } from "../../api/problem";

type Stored = components["schemas"]["FileOut"];

interface Order {
  source: string;
  mapping: string;
  file: File;
  onProgress: (share: number) => void;
}

/** Announces a file, sends its bytes and has it checked; nothing is recorded yet.
 *
 * @throws {Problem} a step was refused, or the connection broke.
 */
export async function sendAndCheck({ source, mapping, file, onProgress }: Order): Promise<Stored> {
  const body = { source, mapping, name: file.name, size: file.size };
  const { data, error } = await ingestion.call.POST("/v1/files", { body });
  if (data === undefined) throw error;
  await put(`/api/ingestion/v1/files/${data.id}/content`, file, onProgress);
  const path = { file_id: data.id };
  const checked = await ingestion.call.POST("/v1/files/{file_id}/check", { params: { path } });
  if (checked.data === undefined) throw checked.error;
  return checked.data;
}

/** Sends the bytes, anew when the session had ended meanwhile and its person is back. */
async function put(url: string, file: File, onProgress: (share: number) => void): Promise<void> {
  try {
    await putOnce(url, file, onProgress);
  } catch (error) {
    if (!isNotTheirs(problemOf(error))) throw error;
    await back();
    await putOnce(url, file, onProgress);
  }
}

/** Sends the bytes; `fetch` does not tell how far it is, so this is the older way. */
function putOnce(url: string, file: File, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, value] of Object.entries({ ...OURS, ...meantFor() }))
      request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => (request.status < 300 ? resolve() : reject(problemIn(request)));
    request.onerror = () => reject(problemIn(request));
    request.send(file);
  });
}

function problemIn(request: XMLHttpRequest): Problem {
  try {
    return JSON.parse(request.responseText) as Problem;
  } catch {
    return { type: "about:blank", title: "No answer", status: request.status };
  }
}
