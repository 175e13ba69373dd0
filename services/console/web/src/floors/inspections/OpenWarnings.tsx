import { Card } from "antd";
import { Link } from "react-router";
import { profiling } from "../../api/client";
import { useNamed } from "../../i18n/language";
import { DueDay } from "../../kit/DueDay";
import { Loaded } from "../../kit/Loaded";
import { useText } from "./text";

/** What the one who visits should look out for. */
export function OpenWarnings({ uscc }: { uscc: string }) {
  const text = useText();
  const named = useNamed();
  const families = profiling.useQuery(
    "get",
    "/v1/signals/families",
    {},
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const query = { uscc, state: "open" as const, limit: 20 };
  const reading = profiling.useQuery("get", "/v1/signals", { params: { query } });
  const nameOf = (code: string) => {
    const family = families.data?.find((each) => each.code === code);
    return family ? named(family) : code;
  };
  return (
    <Card title={<h2>{text.warnings_of}</h2>}>
      <Loaded reading={reading} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{text.no_warnings}</p>
          ) : (
            <ul className="plain">
              {items.map((each) => (
                <li key={each.signal_id}>
                  <Link to={`/warnings/${encodeURIComponent(each.signal_id)}`}>{nameOf(each.family)}</Link>{" "}
                  <DueDay day={each.due_on} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}
