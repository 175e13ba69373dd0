import { Tag, Typography } from "antd";
import { Link } from "react-router";
import { profiling } from "../../api/client";
import { useEntityNames } from "../../api/entityNames";
import type { components } from "../../api/generated/profiling";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { EntityLink } from "../../kit/EntityLink";
import { Loaded } from "../../kit/Loaded";
import type { SectorCode } from "./SectorTable";
import { useOverviewText } from "./text";
import { useArea } from "./useArea";

type Signal = components["schemas"]["SignalView"];

const SHOWN = 8;
const COLOURS: Record<string, string> = { alarm: "error", warning: "warning" };

/** The open signals of a sector: how many, and the most urgent of them. */
export function SectorSignals({ sector }: { sector: SectorCode }) {
  const text = useOverviewText();
  const { count } = useFormats();
  const { asked: area } = useArea();
  const list = { sector, area, state: "open" as const, limit: SHOWN };
  const reading = profiling.useQuery("get", "/v1/signals", { params: { query: list } });
  const counts = profiling.useQuery("get", "/v1/signals/counts", { params: { query: { sector, area } } });
  const open = counts.data?.reduce((sum, row) => sum + (row.state === "open" ? row.signals : 0), 0);
  return (
    <div>
      <Typography.Title level={3}>
        {text.signals} {count(open)}
      </Typography.Title>
      <Loaded reading={reading} isEmpty={({ items }) => items.length === 0} emptyHint={text.no_signals}>
        {({ items }) => <Signals signals={items} />}
      </Loaded>
      <Link to={`/warnings?${new URLSearchParams({ sector, ...(area ? { area } : {}) })}`}>
        {text.all_signals}
      </Link>
    </div>
  );
}

function Signals({ signals }: { signals: Signal[] }) {
  const text = useOverviewText();
  const named = useNamed();
  const { day } = useFormats();
  const names = useEntityNames(signals.map(({ uscc }) => uscc));
  const families = profiling.useQuery("get", "/v1/signals/families", {}, { staleTime: Infinity });
  const familyOf = (signal: Signal) => {
    const family = families.data?.find(({ code }) => code === signal.family);
    return family ? named(family) : signal.family_zh || signal.family;
  };
  return (
    <ul className="signals">
      {signals.map((signal) => (
        <li key={signal.signal_id}>
          <Link to={`/warnings/${encodeURIComponent(signal.signal_id)}`}>{familyOf(signal)}</Link>
          <EntityLink uscc={signal.uscc} name={names.get(signal.uscc)} />
          <Tag color={COLOURS[signal.severity]}>{text.due(day(signal.due_on))}</Tag>
        </li>
      ))}
    </ul>
  );
}
