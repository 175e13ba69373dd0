"""The register of sources and keys on PostgreSQL; every change is kept with who made it and when."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ingestion_service.errors import NameTaken, UnknownKey, UnknownSource
from ingestion_service.model.fact import TYPE_OF_NUMBER
from ingestion_service.model.source import (
    ApiKey,
    Change,
    Freshness,
    LastFact,
    NewSource,
    Rate,
    Signature,
    Source,
)

_COLUMNS = """id, name, owner, fact_types, kafka_enabled, state, contact, description, schema_version,
    expected_freshness_s, facts_per_s, burst"""
_SOURCES = text(f"select {_COLUMNS} from source order by name")
_TAKE = text(f"select {_COLUMNS} from source where name = :name for update")
_ADD = text(f"""
    insert into source (name, owner, fact_types, kafka_enabled, state, contact, description, schema_version,
                        expected_freshness_s, facts_per_s, burst)
    values (:name, :owner, :fact_types, :kafka_enabled, 'active', :contact, :description, :schema_version,
            :expected_freshness_s, :facts_per_s, :burst)
    on conflict (name) do nothing returning {_COLUMNS}
""")
_CHANGE = text("""
    update source set owner = :owner, fact_types = :fact_types, kafka_enabled = :kafka_enabled, state = :state,
        contact = :contact, description = :description, schema_version = :schema_version,
        expected_freshness_s = :expected_freshness_s, facts_per_s = :facts_per_s, burst = :burst
    where id = :id
""")
_NOTE = text("""
    insert into source_change (source_id, changed_at, changed_by, field, before, after)
    values (:source_id, :at, :by, :field, cast(:before as jsonb), cast(:after as jsonb))
""")
_CHANGES = text("""
    select source_change.id, changed_at, changed_by, field, before::text as before, after::text as after
    from source_change join source on source.id = source_id
    where source.name = :name and source_change.id > :after order by source_change.id limit :limit
""")
_KEY_COLUMNS = """select key_id, source.name as source, secret_hash, api_key.created_at, expires_at, revoked_at,
    last_used_on from api_key join source on source.id = source_id"""
_KEYS = text(_KEY_COLUMNS + " where revoked_at is null")
_KEYS_OF = text(_KEY_COLUMNS + " where source.name = :source order by api_key.created_at, key_id")
_ADD_KEY = text("""
    insert into api_key (key_id, source_id, secret_hash, created_at, expires_at)
    select :key_id, id, :secret_hash, :created_at, :expires_at from source where name = :source
    on conflict (key_id) do nothing returning source_id
""")
_REVOKE = text("""
    update api_key set revoked_at = :at from source
    where source.id = source_id and source.name = :source and key_id = :key_id and revoked_at is null
    returning source_id
""")
_EXPIRE = text("""
    update api_key set expires_at = least(expires_at, cast(:until as timestamptz)) from source
    where source.id = source_id and source.name = :source and key_id = :key_id and revoked_at is null
      and (expires_at is null or expires_at > :at)
    returning source_id, expires_at
""")
_USED = text("""
    update api_key set last_used_on = cast(:day as date)
    where key_id = any(cast(:ids as text[])) and last_used_on is distinct from cast(:day as date)
""")
HEARD_SINCE = """greatest(source.created_at,
    (select max(at) from last_fact where source_id = source.id),
    (select max(changed_at) from source_change where source_id = source.id and field = 'suspended'))"""
"""From when on a source is silent: its last fact, or when it was registered, suspended or resumed."""
_FRESHNESS = text(f"""
    select name, (select max(at) from last_fact where source_id = source.id) as last_fact_at,
        case when state = 'active' then {HEARD_SINCE} + expected_freshness_s * interval '1 second' end as expected_by
    from source
""")
_LAST_FACTS = text("""
    select type, at from last_fact join source on source.id = source_id where source.name = :name order by type
""")


class SqlRegister:
    """A `Register`; each call is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, source: NewSource, by: Signature) -> Source:
        """See `Register`."""
        async with self._engine.begin() as connection:
            row = (await connection.execute(_ADD, _values(source))).one_or_none()
            if row is None:
                raise NameTaken(source.name)
            await _note(connection, row.id, by, [("registered", None, source.name)])
        return _source(row)

    async def change(self, name: str, changes: Mapping[str, Any], by: Signature) -> Source:
        """See `Register`."""
        async with self._engine.begin() as connection:
            row = (await connection.execute(_TAKE, {"name": name})).one_or_none()
            if row is None:
                raise UnknownSource(name)
            before = _source(row)
            after = replace(before, **changes)
            await connection.execute(_CHANGE, _values(after))
            differing = [(field, getattr(before, field), getattr(after, field)) for field in changes]
            await _note(connection, before.id, by, [each for each in differing if each[1] != each[2]])
        return after

    async def changes(self, name: str, after: int, limit: int) -> Sequence[Change]:
        """See `Register`."""
        async with self._engine.connect() as connection:
            values = {"name": name, "after": after, "limit": limit}
            rows = await connection.execute(_CHANGES, values)
            return [
                Change(
                    row.id,
                    row.changed_at,
                    row.changed_by,
                    row.field,
                    _decoded(row.before),
                    _decoded(row.after),
                )
                for row in rows
            ]

    async def add_key(self, key: ApiKey, by: Signature) -> None:
        """See `Register`. A key of that id that is there already stays as it is."""
        async with self._engine.begin() as connection:
            added = await _add_key(connection, key)
            if added is not None:
                await _note(connection, added, by, [("key_issued", None, key.key_id)])
        if added is None and key.source not in await self.sources():
            raise UnknownSource(key.source)

    async def rotate_key(self, key_id: str, new: ApiKey, until: datetime, by: Signature) -> datetime:
        """See `Register`."""
        values = {"source": new.source, "key_id": key_id, "until": until, "at": by.at}
        async with self._engine.begin() as connection:
            row = (await connection.execute(_EXPIRE, values)).one_or_none()
            if row is None:
                raise UnknownKey(key_id)
            await _add_key(connection, new)
            await _note(connection, row.source_id, by, [("key_rotated", key_id, new.key_id)])
        expires_at: datetime = row.expires_at
        return expires_at

    async def revoke_key(self, source: str, key_id: str, by: Signature) -> None:
        """See `Register`."""
        async with self._engine.begin() as connection:
            values = {"source": source, "key_id": key_id, "at": by.at}
            source_id = (await connection.execute(_REVOKE, values)).scalar_one_or_none()
            if source_id is None:
                raise UnknownKey(key_id)
            await _note(connection, source_id, by, [("key_revoked", key_id, None)])

    async def sources(self) -> Mapping[str, Source]:
        """See `Register`."""
        async with self._engine.connect() as connection:
            return {row.name: _source(row) for row in await connection.execute(_SOURCES)}

    async def keys(self) -> Mapping[str, ApiKey]:
        """See `Register`."""
        async with self._engine.connect() as connection:
            return {row.key_id: ApiKey(*row) for row in await connection.execute(_KEYS)}

    async def keys_of(self, source: str) -> Sequence[ApiKey]:
        """See `Register`."""
        async with self._engine.connect() as connection:
            return [ApiKey(*row) for row in await connection.execute(_KEYS_OF, {"source": source})]

    async def used(self, key_ids: Collection[str], on: date) -> None:
        """See `Register`."""
        async with self._engine.begin() as connection:
            await connection.execute(_USED, {"ids": sorted(key_ids), "day": on})

    async def last_facts(self, name: str) -> Sequence[LastFact]:
        """See `Register`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_LAST_FACTS, {"name": name})
            return [LastFact(_type_name(row.type), row.at) for row in rows]

    async def freshness(self) -> Mapping[str, Freshness]:
        """See `Register`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_FRESHNESS)
            return {row.name: Freshness(row.last_fact_at, row.expected_by) for row in rows}


async def _add_key(connection: AsyncConnection, key: ApiKey) -> int | None:
    values = {
        "key_id": key.key_id,
        "source": key.source,
        "secret_hash": key.secret_hash,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
    }
    source_id: int | None = (await connection.execute(_ADD_KEY, values)).scalar_one_or_none()
    return source_id


async def _note(
    connection: AsyncConnection, source_id: int, by: Signature, changes: Iterable[tuple[str, Any, Any]]
) -> None:
    values = [
        {
            "source_id": source_id,
            "at": by.at,
            "by": by.by,
            "field": field,
            "before": _encoded(before),
            "after": _encoded(after),
        }
        for field, before, after in changes
    ]
    if values:
        await connection.execute(_NOTE, values)


def _encoded(value: Any) -> str | None:
    if isinstance(value, Rate):
        value = value._asdict()
    return None if value is None else msgspec.json.encode(value, order="sorted").decode()


def _decoded(value: str | None) -> Any:
    return None if value is None else msgspec.json.decode(value)


def _values(source: NewSource | Source) -> dict[str, object]:
    columns = ("name", "owner", "kafka_enabled", "contact", "description", "schema_version")
    rate = source.rate
    return {
        **{column: getattr(source, column) for column in columns},
        "id": getattr(source, "id", None),
        "state": "suspended" if getattr(source, "suspended", False) else "active",
        "fact_types": sorted(source.fact_types),
        "expected_freshness_s": source.expected_freshness_s,
        "facts_per_s": rate.facts_per_s if rate else None,
        "burst": rate.burst if rate else None,
    }


def _source(row: Row[tuple[object, ...]]) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        owner=row.owner,
        fact_types=frozenset(row.fact_types),
        kafka_enabled=row.kafka_enabled,
        suspended=row.state != "active",
        contact=row.contact,
        description=row.description,
        schema_version=row.schema_version,
        expected_freshness_s=row.expected_freshness_s,
        rate=None if row.facts_per_s is None else Rate(row.facts_per_s, row.burst),
    )


def _type_name(number: int) -> str:
    known = TYPE_OF_NUMBER.get(number)
    return known.name if known else "unknown"
