"""Reads entities as the rules need them: one statement for any number."""

import json
import struct
from collections import defaultdict
from collections.abc import Iterable, Sequence
from sys import intern
from typing import Any

import msgspec
from sqlalchemy import text

from profiling_service import wire
from profiling_service.model.entities import FIELDS, Entity, Identity, KnownSignal
from profiling_service.model.facts import STATING, Statement

CLOCKS = struct.Struct(f"<{len(FIELDS)}q")
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Identity).decode

COLUMNS = """
    e.uscc, e.profile_version, e.description_version, e.status, e.area_code, e.entity_type, e.sectors, e.is_risky,
    coalesce(nullif(e.industry, ''), e.inferred_industry) as best_industry, e.told, e.catalogue_version, e.next_look,
    e.established_on - date '1970-01-01' as established_on_day,
    known.features, known.recorded_at_ms,
    (select json_agg(json_build_array(s.family, s.episode, s.is_open, s.holds, s.silent, s.severity, s.measure,
        coalesce(s.cleared_by <> 'facts', false)) order by s.family collate "C", s.episode)::text
     from signal s where s.uscc = e.uscc) as signals
"""
FACTS = """
    cross join lateral (
        select string_agg(f.features, ''::bytea order by f.number) as features,
            floor(extract(epoch from max(f.recorded_at)) * 1000)::bigint as recorded_at_ms
        from fact f where f.uscc = e.uscc) known
"""
ENTITIES = text(f"select {COLUMNS} from entity e {FACTS} where e.uscc = any(string_to_array(:usccs, ','))")
PARTICULARS = """
    e.name, e.capital_fen, e.industry, e.address, e.legal_person_ref, e.platforms, e.contact_ref, e.agent_ref,
    e.head_uscc, e.inferred_industry, e.scope_sectors, e.clocks
"""
"""With `COLUMNS` all of an identity."""
IDENTITIES = text(f"""
    select e.uscc, e.entity_type, e.established_on - date '1970-01-01' as established_on_day, e.area_code, {PARTICULARS}
    from entity e where uscc = any(string_to_array(:usccs, ','))
""")
STATEMENTS = text(f"""
    select f.uscc, f.features, f.payload from fact f
    where f.uscc = any(string_to_array(:usccs, ',')) and f.type in ({", ".join(str(int(kind)) for kind in STATING)})
""")
FACT_NAMES = text("""
    select f.uscc, f.number, f.source || '|' || f.fact_id as name
    from unnest(string_to_array(:usccs, ','), string_to_array(:numbers, ',')::integer[]) as wanted (uscc, number)
    join fact f on f.uscc = wanted.uscc collate "C" and f.number = wanted.number
""")


def entities(rows: Sequence[Any]) -> dict[str, Entity]:
    """The entities of rows with `COLUMNS`."""
    found = {}
    for row in rows:
        found[row.uscc] = Entity(
            bytes(row.features or b""),
            bytes(row.told),
            row.catalogue_version,
            row.next_look,
            row.profile_version,
            row.description_version,
            row.status,
            intern(row.area_code),
            intern(row.best_industry),
            intern(row.entity_type),
            row.established_on_day,
            row.sectors,
            row.is_risky,
            _signals(row.signals),
        )
    return found


def identities(rows: Iterable[Any]) -> dict[str, Identity]:
    """The identities of rows of `IDENTITIES`."""
    return {
        row.uscc: Identity(
            row.name,
            row.entity_type,
            row.established_on_day,
            row.capital_fen,
            row.area_code,
            row.industry,
            row.address,
            row.legal_person_ref,
            tuple(row.platforms),
            row.contact_ref,
            row.agent_ref,
            row.head_uscc,
            row.inferred_industry,
            row.scope_sectors,
            CLOCKS.unpack(row.clocks),
        )
        for row in rows
    }


def statements(rows: Iterable[Any]) -> dict[str, list[Statement]]:
    """What the facts of rows of `STATEMENTS` say."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for row in rows:
        said = wire.statement(bytes(row.features), bytes(row.payload))
        if said is not None:
            found[row.uscc].append(said)
    return found


def packed(identity: Identity) -> bytes:
    """A copy that takes a fifth of the memory."""
    return _pack(identity)


def unpacked(copy: bytes) -> Identity:
    """The identity of a copy."""
    return _unpack(copy)


def _signals(aggregated: str | None) -> tuple[KnownSignal, ...]:
    if aggregated is None:
        return ()
    return tuple(KnownSignal(intern(family), *rest) for family, *rest in json.loads(aggregated))
