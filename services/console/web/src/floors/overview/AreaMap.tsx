import { Select, Tooltip } from "antd";
import type { CSSProperties } from "react";
import { classification, profiling } from "../../api/client";
import { useNames, useVocabulary } from "../../api/vocabulary";
import { useSeesCity } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { Loaded } from "../../kit/Loaded";
import { useUrlState } from "../../kit/useUrlState";
import { type Area, byArea, MEASURES, type Measure, measured, stepOf } from "./figures";
import { MixBar } from "./MixBar";
import { Panel } from "./Panel";
import { useOverviewText } from "./text";
import { placed, shortName } from "./tiles";
import { useArea } from "./useArea";

/** From little to much; the page's ink is readable on each. */
const STEPS = ["#f7f9fc", "#e3edf9", "#c4daf3", "#9cc0e8", "#74a5dc"];

/** What is known of all areas the caller sees, by code. */
function useAreas() {
  const query = { by: "area" as const };
  const mixes = classification.useQuery("get", "/v1/statistics/classes", { params: { query } });
  const rates = classification.useQuery("get", "/v1/reviews/discovery", { params: { query } });
  const figures = profiling.useQuery("get", "/v1/statistics");
  const readings = [mixes, rates, figures];
  const complete = mixes.data && rates.data && figures.data;
  return {
    data: complete && byArea(mixes.data.groups, rates.data.rates, figures.data),
    error: readings.find(({ error }) => error)?.error,
    isPending: readings.some(({ isPending }) => isPending),
    refetch: () => readings.map((reading) => reading.refetch()),
  };
}

/** The areas as tiles, coloured by one figure; choosing one filters the page. */
export function AreaMap() {
  const text = useOverviewText();
  const seesCity = useSeesCity();
  const [state, change] = useUrlState();
  const measure = MEASURES.find((each) => each === state.colour) ?? "risky";
  const areas = useAreas();
  const choice = (
    <Select<Measure>
      aria-label={text.colour_by}
      value={measure}
      options={MEASURES.map((value) => ({
        value,
        label: text[value === "signals" ? "signalled_entities" : value],
      }))}
      onChange={(colour) => change({ colour: colour === "risky" ? undefined : colour })}
      popupMatchSelectWidth={false}
    />
  );
  return (
    <Panel title={text.areas} className="area-map" extra={choice}>
      <Loaded reading={areas} lines={10}>
        {(known) => <Tiles known={known} measure={measure} />}
      </Loaded>
      <p className="quiet note">
        {seesCity ? text.tile_hint : text.not_yours}
        {text.zones}
      </p>
    </Panel>
  );
}

function Tiles({ known, measure }: { known: Map<string, Area>; measure: Measure }) {
  const vocabulary = useVocabulary();
  const values = [...known.values()].flatMap((area) => measured(area, measure) ?? []);
  const range: [number, number] = [Math.min(...values), Math.max(...values)];
  return (
    <Loaded reading={vocabulary} lines={10}>
      {({ areas }) => (
        <>
          <div className="tiles">
            {placed(areas).map(({ code, column, row }) => (
              <div key={code} style={{ gridColumn: column, gridRow: row }}>
                <Tile code={code} area={known.get(code)} measure={measure} range={range} />
              </div>
            ))}
          </div>
          {values.length > 1 && <Legend range={range} measure={measure} />}
        </>
      )}
    </Loaded>
  );
}

interface TileProps {
  code: string;
  area: Area | undefined;
  measure: Measure;
  range: [number, number];
}

function Tile({ code, area, measure, range }: TileProps) {
  const text = useOverviewText();
  const seesCity = useSeesCity();
  const name = useNames("areas")(code);
  const { area: shown, choose } = useArea();
  const written = useWritten();
  const { count } = useFormats();
  const value = measured(area, measure);
  const ground = value === undefined ? "#fff" : STEPS[stepOf(value, ...range, STEPS.length)];
  const style = { "--ground": ground } as CSSProperties;
  if (!area)
    return (
      <div className="tile tile-dark" title={name}>
        <span className="tile-name">{shortName(name)}</span>
        {seesCity && <span className="tile-value">{text.none_known}</span>}
      </div>
    );
  return (
    <Tooltip title={<TileDetail name={name} area={area} />}>
      <button
        type="button"
        className="tile"
        style={style}
        aria-pressed={shown === code}
        onClick={() => choose(code)}
      >
        <span className="tile-name">{shortName(name)}</span>
        <span className="tile-value">{written(value, measure)}</span>
        {area.mix && <span className="tile-size">{text.entities(count(area.mix.entities))}</span>}
        {area.mix && <MixBar shares={area.mix.shares} />}
      </button>
    </Tooltip>
  );
}

/** Writes a figure by which areas are coloured. */
function useWritten() {
  const text = useOverviewText();
  const formats = useFormats();
  return (value: number | undefined, measure: Measure) => {
    if (value === undefined) return measure === "discovery" ? text.no_visits : "—";
    return measure === "signals" ? text.signalled(formats.count(value)) : formats.share(value);
  };
}

function TileDetail({ name, area }: { name: string; area: Area }) {
  const text = useOverviewText();
  const formats = useFormats();
  const { mix, rate, signalled } = area;
  return (
    <div className="tile-detail">
      <strong>{name}</strong>
      {mix && <div>{text.entities(formats.count(mix.entities))}</div>}
      {mix && (
        <div>
          {Object.entries(mix.counts)
            .map(([letter, n]) => `${letter} ${formats.count(n)}`)
            .join(" · ")}
        </div>
      )}
      <div>
        {text.discovery}{" "}
        {rate && rate.rate !== null
          ? text.discovery_long(formats.share(rate.rate), formats.share(rate.low), formats.share(rate.high))
          : text.no_visits}
      </div>
      {rate && <div>{text.visits(formats.count(rate.valid), formats.count(rate.problems))}</div>}
      {signalled !== undefined && (
        <div>
          {text.signalled_entities} {text.signalled(formats.count(signalled))}
        </div>
      )}
    </div>
  );
}

function Legend({ range, measure }: Pick<TileProps, "range" | "measure">) {
  const text = useOverviewText();
  const written = useWritten();
  return (
    <div className="legend quiet">
      <span>
        {text.least} {written(range[0], measure)}
      </span>
      {STEPS.map((colour) => (
        <span key={colour} className="legend-step" style={{ background: colour }} />
      ))}
      <span>
        {text.greatest} {written(range[1], measure)}
      </span>
    </div>
  );
}
