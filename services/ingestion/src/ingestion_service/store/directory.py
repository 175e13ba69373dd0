"""The register as it stood a moment ago, in memory for the hot path."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from eventbus import is_transient
from httpapi.api_key import StoredKey

from ingestion_service.model.source import ApiKey, Source
from ingestion_service.ports.sources import Register

_log = structlog.get_logger(log="register")


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

    def __init__(self, register: Register, *, fresh_s: float = 5.0, stale_s: float = 60.0) -> None:
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

    async def everyone(self) -> Mapping[str, Source]:
        """Every source that may send, by name."""
        sources = (await self._current()).sources
        return {name: source for name, source in sources.items() if not source.suspended}

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
