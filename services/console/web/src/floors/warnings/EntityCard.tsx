import { Card, Descriptions, Flex } from "antd";
import { Link } from "react-router";
import { classification, profiling } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { useStatuses, useWords, wordFor } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { DueDay } from "../../kit/DueDay";
import { EntityLink } from "../../kit/EntityLink";
import { Loaded } from "../../kit/Loaded";
import { pathOf, type Signal } from "./model";
import { SeverityTag } from "./Severity";
import { useText } from "./text";
import { useSaid } from "./useFamilies";

/** Whom a signal is about: who it is, its class, and what else is open about it. */
export function EntityCard({ signal }: { signal: Signal }) {
  const text = useText();
  const { uscc } = signal;
  const reading = profiling.useQuery("get", "/v1/entities/{uscc}", { params: { path: { uscc } } });
  return (
    <Card title={<h2>{text.entity_card}</h2>}>
      <Flex justify="space-between" align="start" gap={8}>
        <div className="two-lines">
          <strong>
            <EntityLink uscc={uscc} name={signal.entity_name} />
          </strong>
          <span className="quiet">{uscc}</span>
        </div>
        <ClassNow uscc={uscc} />
      </Flex>
      <Loaded reading={reading}>{(profile) => <Particulars profile={profile} />}</Loaded>
      <OtherOpen signal={signal} />
    </Card>
  );
}

function ClassNow({ uscc }: { uscc: string }) {
  const text = useText();
  const { data } = classification.useQuery("post", "/v1/classes/lookup", { body: { usccs: [uscc] } });
  if (data === undefined) return null;
  const found = data.items[0];
  return (
    <div className="class-now">
      <span className="quiet">{found ? text.class_now : text.no_class}</span>
      {found && <ClassTag value={found.risk_class} />}
    </div>
  );
}

interface Profile {
  status: string;
  area_code: string;
  industry: string;
  address: string;
  sectors: string[];
}

function Particulars({ profile }: { profile: Profile }) {
  const text = useText();
  const words = useWords();
  const statuses = useStatuses();
  const [areas, sectors] = [useNames("areas"), useNames("sectors")];
  const items = [
    { key: "status", label: text.status, children: wordFor(statuses, profile.status) },
    { key: "area", label: words.area, children: areas(profile.area_code) },
    { key: "sectors", label: text.sector, children: profile.sectors.map(sectors).join("、") || words.none },
    { key: "address", label: text.address, children: profile.address || "—" },
  ];
  return <Descriptions items={items} column={1} size="small" className="particulars" />;
}

function OtherOpen({ signal }: { signal: Signal }) {
  const text = useText();
  const said = useSaid();
  const query = { uscc: signal.uscc, state: "open" as const, limit: 20 };
  const reading = profiling.useQuery("get", "/v1/signals", { params: { query } });
  return (
    <>
      <h3>{text.other_open}</h3>
      <Loaded reading={reading} lines={2}>
        {({ items }) => {
          const others = items.filter((each) => each.signal_id !== signal.signal_id);
          if (others.length === 0) return <p className="quiet">{text.no_other}</p>;
          return (
            <ul className="plain">
              {others.map((each) => (
                <li key={each.signal_id}>
                  <SeverityTag value={each.severity} />{" "}
                  <Link to={pathOf(each.signal_id)}>{said(each).title}</Link> <DueDay day={each.due_on} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </>
  );
}
