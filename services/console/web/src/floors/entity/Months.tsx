import { classification } from "../../api/client";
import { useFormats } from "../../i18n/format";
import { ClassTag } from "../../kit/ClassTag";
import { Loaded } from "../../kit/Loaded";
import { useClassText } from "./classText";
import { Part } from "./Part";

/** The class month by month as a strip, the newest month last. */
export function Months({ uscc }: { uscc: string }) {
  const text = useClassText();
  const { points } = useFormats();
  const reading = classification.useQuery(
    "get",
    "/v1/entities/{uscc}/classes/monthly",
    { params: { path: { uscc } } },
    { staleTime: 60_000 },
  );
  return (
    <Part title={text.months}>
      <Loaded reading={reading} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{text.months_none}</p>
          ) : (
            <ol className="entity-months">
              {[...items].reverse().map((month) => (
                <li key={month.business_day} title={month.was_judged ? undefined : text.month_kept}>
                  <span className="quiet">{month.business_day.slice(0, 7)}</span>
                  <ClassTag value={month.risk_class} />
                  <span>{points(month.score)}</span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Part>
  );
}
