import { Tag } from "antd";
import type { ReactNode } from "react";

/** How a state is coloured; it is always said in words too. */
export type Tone = "good" | "waits" | "bad" | "plain";

/** A word about a state, on a ground on which it can be read. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <Tag className={`models-mark-${tone}`}>{children}</Tag>;
}
