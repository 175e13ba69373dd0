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
import { addressOf, type Counts, OF_THE_CITY, type Queue, queuesOf, type Source } from "./queues";
import { useOverviewText } from "./text";
import { useArea } from "./useArea";

/** What services count of the queues that the caller works; nothing else is asked. */
function useCounts() {
  const { role } = useSession();
  const { asked: area } = useArea();
  const mine = useMay("inspector");
  const sources = new Set(queuesOf(role, {}).map(({ source }) => source));
  const on = (source: Source) => ({ enabled: sources.has(source) });
  const readings = {
    signals: profiling.useQuery("get", "/v1/signals/counts", { params: { query: { area } } }, on("signals")),
    tasks: sampling.useQuery("get", "/v1/tasks/counts", { params: { query: { mine, area } } }, on("tasks")),
    heaps: ingestion.useQuery("get", "/v1/quarantine/counts", {}, on("heaps")),
    notices: notification.useQuery("get", "/v1/statistics", { params: { query: { area } } }, on("notices")),
    work: classification.useQuery("get", "/v1/work/counts", { params: { query: { area } } }, on("work")),
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
function Door({ queue, children }: { queue: Queue; children: ReactNode }) {
  const { role } = useSession();
  const { asked } = useArea();
  const address = addressOf(queue, asked);
  if (!queue.path || !address || !maySee(role, queue.path)) return <div className="queue">{children}</div>;
  return (
    <Link className="queue" to={address}>
      {children}
    </Link>
  );
}

function QueueFigures({ queue }: { queue: Queue }) {
  const text = useOverviewText();
  const { count } = useFormats();
  const { asked } = useArea();
  return (
    <>
      <span className="queue-name">{text[queue.name]}</span>
      <span className="queue-figure">{count(queue.figure)}</span>
      <span className="queue-aspects">
        {asked && OF_THE_CITY.has(queue.name) && <Tag>{text.of_city}</Tag>}
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
