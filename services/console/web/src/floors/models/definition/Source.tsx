import { Tag } from "antd";
import { wordFor } from "../../../i18n/words";
import { useText } from "../text";
import type { Source as Said } from "./definition";

/** What something rests on, and how sure that is. */
export function Source({ citation, confidence }: Said) {
  const text = useText();
  if (!citation && !confidence) return <>—</>;
  return (
    <div className="models-cite">
      {citation} {confidence && <Tag>{wordFor(text, confidence)}</Tag>}
    </div>
  );
}
