import { classification } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { CLASS_COLOURS } from "../../app/theme";
import { useFormats } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { Loaded } from "../../kit/Loaded";
import { CLASSES, type ClassMix } from "./figures";
import { Panel } from "./Panel";
import { useOverviewText } from "./text";
import { useArea } from "./useArea";

/** The class mix of what the page shows; of one area it is that area's group of the city's. */
function useMix(asked: string | undefined) {
  const by = asked ? ("area" as const) : ("none" as const);
  const reading = classification.useQuery("get", "/v1/statistics/classes", { params: { query: { by } } });
  const { groups } = reading.data ?? {};
  const mix = asked ? groups?.find(({ group }) => group === asked) : groups?.[0];
  return { ...reading, data: reading.data && { mix } };
}

/** How many entities have which class, and how that came. */
export function Classes() {
  const text = useOverviewText();
  const areaName = useNames("areas");
  const { area, asked } = useArea();
  const reading = useMix(asked);
  return (
    <Panel title={text.classes_of(area ? areaName(area) : text.of_city)} className="classes">
      <Loaded reading={reading} isEmpty={({ mix }) => mix === undefined} lines={6}>
        {({ mix }) => mix && <Mix mix={mix} />}
      </Loaded>
    </Panel>
  );
}

function Mix({ mix }: { mix: ClassMix }) {
  const text = useOverviewText();
  const formats = useFormats();
  return (
    <>
      <p className="figure">
        {text.entities(formats.count(mix.entities))}
        <span className="quiet"> {text.observation(formats.count(mix.under_observation))}</span>
      </p>
      <MixTable mix={mix} />
      <p className="quiet note">{text.not_counted}</p>
    </>
  );
}

function MixTable({ mix }: { mix: ClassMix }) {
  const text = useOverviewText();
  const words = useWords();
  const formats = useFormats();
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{words.class}</th>
          <th scope="col" className="number">
            {text.households}
          </th>
          <th scope="col">{text.share}</th>
        </tr>
      </thead>
      <tbody>
        {CLASSES.map((letter) => (
          <tr key={letter}>
            <th scope="row">
              <ClassTag value={letter} />
            </th>
            <td className="number">{formats.count(mix.counts[letter] ?? 0)}</td>
            <td>
              <ShareBar share={mix.shares[letter] ?? 0} colour={CLASS_COLOURS[letter]?.solid} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ShareBar({ share, colour }: { share: number; colour: string | undefined }) {
  const formats = useFormats();
  return (
    <span className="share-bar">
      <span className="share-track" aria-hidden="true">
        <span style={{ width: `${share * 100}%`, background: colour }} />
      </span>
      <span className="number">{formats.share(share)}</span>
    </span>
  );
}
