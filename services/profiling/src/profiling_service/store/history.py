"""An entity as of any moment, from its facts as they came."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from eventbus import Received
from msgspec import structs
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from profiling_service import wire
from profiling_service.model.facts import Fact
from profiling_service.model.relations import COUNTS
from profiling_service.rules.as_of import Moment, Standing, standing
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.windows import as_day

_FACTS = text("""
    select source, payload from fact
    where uscc = :uscc and (cast(:used_by_ms as bigint) is null
        or decided_at <= to_timestamp(cast(:used_by_ms as bigint) / 1000.0)) order by number
""")
_RELATED = text("""
    select counts from related_before where uscc = :uscc and decided_at <= :known_at order by decided_at desc limit 1
""")
_DAY = text("select day from business_day_before where begun_at <= :known_at order by begun_at desc limit 1")


_EVER = 2**62


class SqlHistory:
    """`History` on the service's database.

    What was told is made of the facts that had been used by then, whenever ingestion recorded them; what was so on a
    day of those that had been recorded. Moments while a daily run was at work are answered as of its end.
    """

    def __init__(self, engine: AsyncEngine, book: RuleBook) -> None:
        self._engine = engine
        self._book = book
        self._fact = fact_reader(book)

    async def business_day(self, known_at: datetime) -> int:
        """See `History`."""
        async with self._engine.connect() as connection:
            return as_day((await connection.execute(_DAY, {"known_at": known_at})).scalar_one())

    async def standing(self, uscc: str, moment: Moment, known_at: datetime) -> Standing | None:
        """See `History`."""
        async with self._engine.connect() as connection:
            used_by_ms = moment.known_by_ms if moment.occurred_by_ms is None else None
            rows = (await connection.execute(_FACTS, {"uscc": uscc, "used_by_ms": used_by_ms})).all()
            counts = (
                await connection.execute(_RELATED, {"uscc": uscc, "known_at": known_at})
            ).scalar_one_or_none()
        facts = [self._fact(row.source, bytes(row.payload)) for row in rows]
        if used_by_ms is not None:
            moment = structs.replace(moment, known_by_ms=_EVER)
        return standing(facts, moment, self._book, _relations(counts))


def _relations(counts: Any) -> Mapping[str, list[float]]:
    return {name: [count] for name, count in zip(COUNTS, counts or [np.nan] * len(COUNTS), strict=True)}


def fact_reader(book: RuleBook) -> Callable[[str, bytes], Fact]:
    """Reads stored facts as if they came again, from whom they came and the event's bytes."""
    accepted = wire.FactReader(book.forms)
    readers = {wire.SAMPLING: accepted.inspection_result, wire.REPAIR: wire.record_stopped}

    def read(source: str, payload: bytes) -> Fact:
        return readers.get(source, accepted)(Received("", 0, 0, "", "", 0, "", payload, 0, ""))

    return read
