import { keepPreviousData } from "@tanstack/react-query";
import { Tag } from "antd";
import type { KeyboardEvent } from "react";
import { Link } from "react-router";
import { classification, profiling } from "../../api/client";
import type { components } from "../../api/generated/profiling";
import { useNames } from "../../api/vocabulary";
import { useFormats } from "../../i18n/format";
import { useStatuses, wordFor } from "../../i18n/words";
import { ClassTag } from "../../kit/ClassTag";
import { Loaded } from "../../kit/Loaded";
import { pieces } from "./highlight";
import { moveFocus } from "./resultKeys";
import { useSearchText } from "./searchText";

type Hit = Omit<components["schemas"]["FoundEntity"], "ranges"> & { ranges: number[][] };

/** What was found, best first, each with what of it matched. */
export function SearchResults({ q, area }: { q: string; area?: string }) {
  const text = useSearchText();
  const { count } = useFormats();
  const reading = profiling.useQuery(
    "get",
    "/v1/entities/search",
    { params: { query: { q, area, limit: 20 } } },
    { placeholderData: keepPreviousData, staleTime: 10_000 },
  );
  return (
    <Loaded
      reading={reading}
      lines={8}
      isEmpty={({ items }) => items.length === 0}
      emptyHint={
        <>
          {text.none}
          <br />
          {text.none_hint}
        </>
      }
    >
      {({ items }) => (
        <section aria-label={text.list} aria-busy={reading.isFetching}>
          <p className="quiet" role="status">
            {text.found(count(items.length))}
          </p>
          <Hits hits={items} />
        </section>
      )}
    </Loaded>
  );
}

/** The classes of those found, asked for at once. */
function useClasses(hits: Hit[]): Map<string, string> {
  const { data } = classification.useQuery(
    "post",
    "/v1/classes/lookup",
    { body: { usccs: hits.map(({ uscc }) => uscc).sort() } },
    { staleTime: 60_000 },
  );
  return new Map(data?.items.map(({ uscc, risk_class }) => [uscc, risk_class]));
}

function Hits({ hits }: { hits: Hit[] }) {
  const classes = useClasses(hits);
  return (
    <ol className="entity-hits">
      {hits.map((hit) => (
        <li key={hit.uscc}>
          <HitLink hit={hit} riskClass={classes.get(hit.uscc)} />
        </li>
      ))}
    </ol>
  );
}

function onKey(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const box = document.querySelector<HTMLElement>("search input");
  moveFocus(event.currentTarget, event.key === "ArrowDown" ? 1 : -1, box);
}

function HitLink({ hit, riskClass }: { hit: Hit; riskClass?: string }) {
  const text = useSearchText();
  const statuses = useStatuses();
  const [areas, sections] = [useNames("areas"), useNames("sections")];
  const marked = (by: Hit["matched_by"], value: string) => (
    <Marked text={value} ranges={hit.matched_by === by ? hit.ranges : []} />
  );
  return (
    <Link to={`/entities/${hit.uscc}`} data-result="" className="entity-hit" onKeyDown={onKey}>
      <span className="entity-hit-class">
        <ClassTag value={riskClass} />
      </span>
      <span className="entity-hit-main">
        <b>{marked("name", hit.name || hit.uscc)}</b> <Tag>{text[`matched_${hit.matched_by}`]}</Tag>
        {!hit.is_exact && <Tag>{text.similar}</Tag>}
        <span className="entity-hit-line quiet">{marked("address", hit.address)}</span>
      </span>
      <span className="entity-hit-side">
        <span className="entity-cause">{marked("code", hit.uscc)}</span>
        <span className="entity-hit-line quiet">
          {text.legal_person} {marked("person", hit.legal_person_ref || "—")}
        </span>
      </span>
      <span className="entity-hit-side">
        {areas(hit.area_code)} · {wordFor(statuses, hit.status)}
        <span className="entity-hit-line quiet">
          {hit.industry} {sections(hit.industry.slice(0, 1))}
        </span>
      </span>
    </Link>
  );
}

function Marked({ text, ranges }: { text: string; ranges: number[][] }) {
  let at = 0;
  return (
    <>
      {pieces(text, ranges).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.hit ? <mark key={key}>{piece.text}</mark> : <span key={key}>{piece.text}</span>;
      })}
    </>
  );
}
