"""The access log: written in the background, a batch at a time; read newest first."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Row, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from console_service.errors import LogFull
from console_service.model import AccessEntry, AccessFilter

_log = structlog.get_logger(log="access")

_COLUMNS = (
    "at", "username", "subject", "role", "area", "address", "method", "service", "path", "query", "entity",
    "status", "duration_ms", "reason",
)  # fmt: skip
_KINDS = {"at": "timestamptz[]", "status": "integer[]", "duration_ms": "integer[]"}
_LISTED = ", ".join(_COLUMNS)
_ARRAYS = ", ".join(f"cast(:{name} as {_KINDS.get(name, 'text[]')})" for name in _COLUMNS)
_INSERT = text(f"insert into access_entry ({_LISTED}) select * from unnest({_ARRAYS})")
_BATCH = 500
_MOST_WAITING = 10_000
_GATHER_S = 0.3
_RETRY_S = 1.0
_LAST_PATIENCE_S = 8.0


class AccessLog:
    """The log. `run` writes what `add` was given; an entry is in the process's own log at once, whatever happens."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: deque[AccessEntry] = deque()
        self._stirred = asyncio.Event()

    def require_room(self) -> None:
        """There is room for another entry.

        Raises:
            LogFull: There is none: the database has not taken any for long, and what cannot be logged may not be read.
        """
        if len(self._waiting) >= _MOST_WAITING:
            raise LogFull

    def add(self, entry: AccessEntry) -> None:
        """The entry is written within a second or two; never waits."""
        _log.info("forwarded", **{name: getattr(entry, name) for name in _COLUMNS if name != "at"})
        self._waiting.append(entry)
        self._stirred.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Writes until `stop` is set, and then what is left."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                stirred = asyncio.create_task(self._stirred.wait())
                await asyncio.wait({stirred, stopping}, return_when=asyncio.FIRST_COMPLETED)
                stirred.cancel()
                await asyncio.wait({stopping}, timeout=_GATHER_S)
                if not await self._written():
                    await asyncio.wait({stopping}, timeout=_RETRY_S)
        finally:
            stopping.cancel()
        await self._write_the_rest()

    async def _write_the_rest(self) -> None:
        try:
            async with asyncio.timeout(_LAST_PATIENCE_S):
                while not await self._written():
                    await asyncio.sleep(_RETRY_S)
        except TimeoutError:
            _log.error("entries not written", count=len(self._waiting))

    async def _written(self) -> bool:
        """Whether everything that waited is written."""
        self._stirred.clear()
        while self._waiting:
            batch = [self._waiting[place] for place in range(min(_BATCH, len(self._waiting)))]
            try:
                await self._write(batch)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("entries not written yet", count=len(self._waiting), error=repr(error))
                self._stirred.set()
                return False
            for _ in batch:
                self._waiting.popleft()
        return True

    async def _write(self, batch: Sequence[AccessEntry]) -> None:
        async with self._engine.begin() as connection:
            await write_entries(connection, batch)

    async def page(self, asked: AccessFilter, before: int | None, limit: int) -> Sequence[AccessEntry]:
        """Entries, newest first, those before the one of this number."""
        conditions = [f"{name} = :{name}" for name in ("username", "role", "entity") if getattr(asked, name)]
        conditions += ["at >= :since"] if asked.since else []
        conditions += ["at < :until"] if asked.until else []
        conditions += ["number < :before"] if before is not None else []
        where = f"where {' and '.join(conditions)}" if conditions else ""
        statement = text(f"""
            select number, {_LISTED} from access_entry {where} order by number desc limit :limit
        """)
        values = {name: getattr(asked, name) for name in ("username", "role", "entity", "since", "until")}
        async with self._engine.connect() as connection:
            rows = await connection.execute(statement, {**values, "before": before, "limit": limit})
            return [_entry_of(row) for row in rows]


async def write_entries(connection: AsyncConnection, entries: Sequence[AccessEntry]) -> None:
    """The log has these entries with whatever else this transaction writes."""
    columns = {name: [getattr(entry, name) for entry in entries] for name in _COLUMNS}
    await connection.execute(_INSERT, columns)


def _entry_of(row: Row[Any]) -> AccessEntry:
    return AccessEntry(**{name: getattr(row, name) for name in (*_COLUMNS, "number")})
