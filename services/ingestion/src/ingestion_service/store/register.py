"""The register of sources and keys on PostgreSQL, and a copy in memory for the hot path."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from eventbus import is_transient
from httpapi.api_key import StoredKey
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingestion_service.errors import NameTaken, UnknownKey, UnknownSource
from ingestion_service.model.source import ApiKey, NewSource, Source

_log = structlog.get_logger(log="register")
_SOURCES = text("select id, name, owner, fact_types, kafka_enabled, state from source order by name")
_KEYS = text("""
    select key_id, source.name as source, secret_hash, api_key.created_at, expires_at, revoked_at
    from api_key join source on source.id = source_id where revoked_at is null
""")
_ADD = text("""
    insert into source (name, owner, fact_types, kafka_enabled) values (:name, :owner, :fact_types, :kafka_enabled)
    on conflict (name) do nothing returning id, name, owner, fact_types, kafka_enabled, state
""")
_ADD_KEY = text("""
    insert into api_key (key_id, source_id, secret_hash, created_at, expires_at)
    select :key_id, id, :secret_hash, :created_at, :expires_at from source where name = :source
    on conflict (key_id) do nothing
""")
_SET_STATE = text("update source set state = :state where name = :name")
_REVOKE = text("""
    update api_key set revoked_at = :at from source
    where source.id = source_id and source.name = :source and key_id = :key_id and revoked_at is null
""")


class SqlRegister:
    """A `Register`; each call is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, source: NewSource) -> Source:
        """See `Register`."""
        values = {
            "name": source.name,
            "owner": source.owner,
            "fact_types": sorted(source.fact_types),
            "kafka_enabled": source.kafka_enabled,
        }
        async with self._engine.begin() as connection:
            row = (await connection.execute(_ADD, values)).one_or_none()
        if row is None:
            raise NameTaken(source.name)
        return _source(row)

    async def add_key(self, key: ApiKey) -> None:
        """See `Register`. A key of that id that is there already stays as it is."""
        values = {
            "key_id": key.key_id,
            "source": key.source,
            "secret_hash": key.secret_hash,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
        }
        async with self._engine.begin() as connection:
            added = await connection.execute(_ADD_KEY, values)
        if added.rowcount != 1 and key.source not in await self.sources():
            raise UnknownSource(key.source)

    async def revoke_key(self, source: str, key_id: str, at: datetime) -> None:
        """See `Register`."""
        async with self._engine.begin() as connection:
            revoked = await connection.execute(_REVOKE, {"source": source, "key_id": key_id, "at": at})
        if revoked.rowcount != 1:
            raise UnknownKey(key_id)

    async def suspend(self, name: str, *, suspended: bool) -> None:
        """See `Register`."""
        values = {"name": name, "state": "suspended" if suspended else "active"}
        async with self._engine.begin() as connection:
            changed = await connection.execute(_SET_STATE, values)
        if changed.rowcount != 1:
            raise UnknownSource(name)

    async def sources(self) -> Mapping[str, Source]:
        """See `Register`."""
        async with self._engine.connect() as connection:
            return {row.name: _source(row) for row in await connection.execute(_SOURCES)}

    async def keys(self) -> Mapping[str, ApiKey]:
        """See `Register`."""
        async with self._engine.connect() as connection:
            return {row.key_id: ApiKey(*row) for row in await connection.execute(_KEYS)}


def _source(row: Row[tuple[object, ...]]) -> Source:
    return Source(
        row.id, row.name, row.owner, frozenset(row.fact_types), row.kafka_enabled, row.state != "active"
    )


@dataclass(frozen=True, slots=True)
class _Snapshot:
    sources: Mapping[str, Source]
    keys: Mapping[str, ApiKey]
    read_at_s: float


class Directory:
    """The register as it stood a moment ago; implements httpapi's `SourceKeys`.

    Sources are few: all are read together, at most every `fresh_s` seconds. While the database does not answer
    the copy serves on for `stale_s` seconds, so that a short outage refuses nobody at the door.
    """

    def __init__(self, register: SqlRegister, *, fresh_s: float = 5.0, stale_s: float = 60.0) -> None:
        self._register = register
        self._fresh_s = fresh_s
        self._stale_s = stale_s
        self._snapshot: _Snapshot | None = None
        self._reading: asyncio.Task[_Snapshot] | None = None
        self._kafka_senders: Mapping[str, Source] = {}

    async def find(self, key_id: str) -> StoredKey | None:
        """See `SourceKeys`; a suspended source's keys are not found."""
        snapshot = await self._current()
        key = snapshot.keys.get(key_id)
        source = None if key is None else snapshot.sources.get(key.source)
        if key is None or source is None or source.suspended:
            return None
        return StoredKey(key.source, key.secret_hash, key.expires_at)

    async def sender(self, name: str) -> Mapping[str, Source]:
        """The one source of that name, by name; empty when it may not send."""
        source = (await self._current()).sources.get(name)
        return {} if source is None or source.suspended else {name: source}

    def kafka_senders(self) -> Mapping[str, Source]:
        """The sources whose facts are taken from Kafka, as last read; see `keep_fresh`."""
        return self._kafka_senders

    async def all_sources(self) -> Mapping[str, Source]:
        """Every source by name."""
        return (await self._current()).sources

    async def refresh(self) -> None:
        """Read the register again: it changed."""
        await self._read()

    async def keep_fresh(self, stop: asyncio.Event) -> None:
        """Read the register before it is too old, until `stop` is set; a silent database is waited for."""
        while not stop.is_set():
            try:
                await self._read_once()
            except Exception as error:
                if not is_transient(error):
                    raise
                _log.warning("register not read", error=repr(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._fresh_s / 2):
                    await stop.wait()

    async def _current(self) -> _Snapshot:
        snapshot, now_s = self._snapshot, time.monotonic()
        if snapshot is not None and now_s - snapshot.read_at_s < self._fresh_s:
            return snapshot
        try:
            return await self._read_once()
        except Exception as error:
            if snapshot is None or now_s - snapshot.read_at_s > self._stale_s or not is_transient(error):
                raise
            return snapshot

    async def _read_once(self) -> _Snapshot:
        """The register; all who ask at once share one reading."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        return await asyncio.shield(self._reading)

    async def _read(self) -> _Snapshot:
        read_at_s = time.monotonic()
        sources, keys = await self._register.sources(), await self._register.keys()
        if self._snapshot is not None and self._snapshot.read_at_s > read_at_s:
            return self._snapshot  # begun later, ended earlier
        self._snapshot = _Snapshot(sources, keys, read_at_s)
        self._kafka_senders = {
            name: source for name, source in sources.items() if source.kafka_enabled and not source.suspended
        }
        return self._snapshot
