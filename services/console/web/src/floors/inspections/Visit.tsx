import { Flex, Tag, Typography } from "antd";
import { useItems } from "../../api/items";
import { useNamed } from "../../i18n/language";
import { ClassTag } from "../../kit/ClassTag";
import type { Task } from "./model";
import { useText } from "./text";
import { useTeamNames, useWhy } from "./useVisits";

/** What is looked into at a visit. */
export function Items({ codes }: { codes: readonly string[] }) {
  const items = useItems();
  const named = useNamed();
  return (
    <Flex gap={4} wrap>
      {codes.map((code) => {
        const item = items.get(code);
        return <Tag key={code}>{item ? named(item) : code}</Tag>;
      })}
    </Flex>
  );
}

/** Why an entity is visited, with its class at the draw. */
export function Why({ task }: { task: Task }) {
  const why = useWhy();
  return (
    <span className="why">
      {why(task.stratum)} {task.class_at_draw && <ClassTag value={task.class_at_draw} />}
    </span>
  );
}

/** An address that can be copied, into a map or a message. */
export function Address({ address }: { address: string }) {
  const text = useText();
  if (!address) return <span className="quiet">—</span>;
  return (
    <Typography.Text copyable={{ text: address, tooltips: [text.copy, text.copied] }}>
      {address}
    </Typography.Text>
  );
}

/** Who was sent. */
export function Team({ task }: { task: Task }) {
  const text = useText();
  const names = useTeamNames()(task);
  if (names.length === 0) return <span className="quiet">{text.no_team}</span>;
  return (
    <Flex gap={4} wrap>
      {names.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </Flex>
  );
}
