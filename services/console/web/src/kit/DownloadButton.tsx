import { Button, type ButtonProps } from "antd";
import { type MouseEvent, useState } from "react";
import { fetchFile } from "../api/files";
import { useTellProblem } from "./useTellProblem";

/** By then the browser has taken it. */
const REVOKED_AFTER_MS = 60_000;

/** A link to a file of a service. It is fetched as everything else is: the page stays, whatever is answered. */
export function DownloadButton({ href, ...rest }: ButtonProps & { href: string }) {
  const tellProblem = useTellProblem();
  const [busy, setBusy] = useState(false);
  const fetchIt = (event: MouseEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    void fetchFile(href)
      .then(({ name, content }) => save(name, content), tellProblem)
      .finally(() => setBusy(false));
  };
  return <Button href={href} download loading={busy} onClick={fetchIt} {...rest} />;
}

function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), REVOKED_AFTER_MS);
}
