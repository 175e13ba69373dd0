"""The quarantine on PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ingestion_service.model.fact import Fact
from ingestion_service.model.quarantined import Filter, Heap, Job, Quarantined, State
from ingestion_service.ports import Settlement
from ingestion_service.store.jobs import SqlJobs
from ingestion_service.store.matching import MATCHES, bound

_SET_ASIDE = text("""
    insert into quarantine (source_id, fact_id, type, subject, reason, original, traceparent, received_at)
    select *, timestamptz 'epoch' + cast(:at_us as bigint) * interval '1 microsecond'
    from unnest(cast(:source_ids as integer[]), cast(:fact_ids as text[]), cast(:types as text[]),
                cast(:subjects as text[]), cast(:reasons as text[]), cast(:originals as bytea[]),
                cast(:traceparents as text[]))
""")
_COLUMNS = """
    select quarantine.id, quarantine.source_id, source.name as source, quarantine.fact_id,
           reason, original, received_at, traceparent,
           quarantine.state, settled_by, settled_at, note, type, subject
    from quarantine join source on source.id = quarantine.source_id
"""
_TAKE = text(
    _COLUMNS
    + " where quarantine.id = any(cast(:numbers as bigint[])) order by quarantine.id for update of quarantine"
)
_NEXT = text(f"""
    select quarantine.id from quarantine join source on source.id = quarantine.source_id
    where quarantine.id >= :first and quarantine.id < :stop and {MATCHES} order by quarantine.id limit :limit
""")
_NEXT_KNOWN = text("""
    with found as (
        select id, reason from quarantine join code_alias on old_code = subject
        where state = 'open' and received_at > :since
        union
        select id, reason from code_alias join quarantine on subject = old_code
        where state = 'open' and learned_at > :since
        union
        select quarantine.id, reason from quarantine join code_alias on old_code = subject
        where state = 'open' and quarantine.source_id in (
            select source_id from source_change where changed_at > :since and field in ('suspended', 'fact_types')))
    select id from found where id > :after and reason = any(cast(:reasons as text[])) order by id limit :limit
""")
_GET = text(_COLUMNS + " where quarantine.id = :id")
_PAGE = text(_COLUMNS + f" where quarantine.id > :after and {MATCHES} order by quarantine.id limit :limit")
_COUNTS = text(f"""
    select source.name as source, reason, count(*) as facts
    from quarantine join source on source.id = source_id
    where {MATCHES} group by source.name, reason order by count(*) desc, source.name, reason
""")
_SETTLE = text("""
    update quarantine set state = :state, settled_by = :by, note = :note, settled_at = now()
    where id = any(cast(:numbers as bigint[])) and state = 'open'
""")


class SqlQuarantine:
    """A `Quarantine` inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def set_aside(self, facts: Sequence[Fact], at_us: int) -> None:
        """See `Quarantine`."""
        values = {
            "source_ids": [fact.source_id for fact in facts],
            "fact_ids": [fact.id for fact in facts],
            "types": [fact.type for fact in facts],
            "subjects": [fact.uscc for fact in facts],
            "reasons": [str(fact.reason) for fact in facts],
            "originals": [fact.original for fact in facts],
            "traceparents": [fact.traceparent for fact in facts],
            "at_us": at_us,
        }
        await self._connection.execute(_SET_ASIDE, values)

    async def take(self, numbers: Sequence[int]) -> Sequence[Quarantined]:
        """See `Quarantine`."""
        rows = await self._connection.execute(_TAKE, {"numbers": list(numbers)})
        return [_quarantined(row) for row in rows]

    async def next(self, of: Filter, span: range, limit: int) -> Sequence[int]:
        """See `Quarantine`."""
        values = {**bound(of), "first": span.start, "stop": span.stop, "limit": limit}
        return list((await self._connection.execute(_NEXT, values)).scalars())

    async def next_known(
        self, reasons: Sequence[str], since: datetime, after: int, limit: int
    ) -> Sequence[int]:
        """See `Quarantine`."""
        values = {"reasons": list(reasons), "since": since, "after": after, "limit": limit}
        return list((await self._connection.execute(_NEXT_KNOWN, values)).scalars())

    async def settle(self, numbers: Sequence[int], settlement: Settlement) -> None:
        """See `Quarantine`."""
        values = {
            "numbers": list(numbers),
            "state": settlement.state.value,
            "by": settlement.by,
            "note": settlement.note,
        }
        await self._connection.execute(_SETTLE, values)


class QuarantineList:
    """The work list, read outside of transactions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def page(self, of: Filter, after: int, limit: int) -> list[Quarantined]:
        """See `QuarantineReads`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_PAGE, {**bound(of), "after": after, "limit": limit})
            return [_quarantined(row) for row in rows]

    async def counts(self, of: Filter) -> list[Heap]:
        """See `QuarantineReads`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_COUNTS, bound(of))
            return [Heap(row.source, row.reason, row.facts) for row in rows]

    async def job(self, number: int) -> Job | None:
        """See `QuarantineReads`."""
        async with self._engine.connect() as connection:
            return await SqlJobs(connection).get(number)

    async def get(self, number: int) -> Quarantined | None:
        """One quarantined fact, settled or not."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_GET, {"id": number})).one_or_none()
        return None if row is None else _quarantined(row)


def _quarantined(row: Row[tuple[object, ...]]) -> Quarantined:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Quarantined(**{**values, "state": State(values["state"])})
