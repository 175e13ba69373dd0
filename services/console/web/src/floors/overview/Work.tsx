import { Tag } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { classification, ingestion, notification, profiling, sampling } from "../../api/client";
import { maySee } from "../../app/pages";
import { useMay, useSession } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useRoles } from "../../i18n/words";
import { Failure } from "../../kit/Failure";
import { Panel } from "./Panel";
import { type Counts, type Queue, queuesOf, type Source } from "./queues";
import { useOverviewText } from "./text";

/** What services count of the queues that the caller works; nothing else is asked. */
function useCounts() {
  const { role } = useSession();
  const mine = useMay("inspector");
  const sources = new Set(queuesOf(role, {}).map(({ source }) => source));
  const on = (source: Source) => ({ enabled: sources.has(source) });
  const readings = {
    signals: profiling.useQuery("get", "/v1/signals/counts", {}, on("signals")),
    tasks: sampling.useQuery("get", "/v1/tasks/counts", { params: { query: { mine } } }, on("tasks")),
    heaps: ingestion.useQuery("get", "/v1/quarantine/counts", {}, on("heaps")),
    notices: notification.useQuery("get", "/v1/statistics", {}, on("notices")),
    work: classification.useQuery("get", "/v1/work/counts", {}, on("work")),
  };
  const counts: Counts = Object.fromEntries(
    Object.entries(readings).map(([source, { data }]) => [source, data]),
  );
  return { counts, failed: Object.values(readings).find(({ isError }) => isError) };
}

/** What waits for the caller, each queue as a link to where it is worked. */
export function Work({ deadLetters }: { deadLetters: number | undefined }) {
  const text = useOverviewText();
  const roles = useRoles();
  const { role } = useSession();
  const { counts, failed } = useCounts();
  return (
    <Panel title={text.work} className="work" extra={roles[role]}>
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      <ul className="queues">
        {queuesOf(role, { ...counts, deadLetters }).map((queue) => (
          <li key={queue.name}>
            <Door queue={queue}>
              <QueueFigures queue={queue} />
            </Door>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** A queue as a link, where the caller may see the page on which it is worked. */
function Door({ queue: { path, search }, children }: { queue: Queue; children: ReactNode }) {
  const { role } = useSession();
  if (!path || !maySee(role, path)) return <div className="queue">{children}</div>;
  return (
    <Link className="queue" to={search ? `${path}?${search}` : path}>
      {children}
    </Link>
  );
}

function QueueFigures({ queue }: { queue: Queue }) {
  const text = useOverviewText();
  const { count } = useFormats();
  return (
    <>
      <span className="queue-name">{text[queue.name]}</span>
      <span className="queue-figure">{count(queue.figure)}</span>
      <span className="queue-aspects">
        {queue.aspects.map(([aspect, value]) =>
          value === undefined || value === 0 ? null : (
            <Tag
              key={aspect}
              color={aspect === "overdue" ? "error" : aspect === "due" ? "warning" : undefined}
            >
              {text[`of_${aspect}`](count(value))}
            </Tag>
          ),
        )}
      </span>
    </>
  );
}
