"""The quarantine on PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ingestion_service.errors import UnknownQuarantined
from ingestion_service.model.fact import Fact
from ingestion_service.model.quarantined import Quarantined, State
from ingestion_service.ports import Settlement

_SET_ASIDE = text("""
    insert into quarantine (source_id, fact_id, type, subject, reason, original, traceparent, received_at)
    select *, timestamptz 'epoch' + cast(:at_us as bigint) * interval '1 microsecond'
    from unnest(cast(:source_ids as integer[]), cast(:fact_ids as text[]), cast(:types as text[]),
                cast(:subjects as text[]), cast(:reasons as text[]), cast(:originals as bytea[]),
                cast(:traceparents as text[]))
""")
_COLUMNS = """
    select quarantine.id, source_id, source.name as source, fact_id, reason, original, received_at, traceparent,
           quarantine.state, settled_by, settled_at, note
    from quarantine join source on source.id = source_id
"""
_TAKE = text(_COLUMNS + " where quarantine.id = :id for update of quarantine")
_GET = text(_COLUMNS + " where quarantine.id = :id")
_PAGE = text(
    _COLUMNS
    + """
    where quarantine.id > :after and quarantine.state = :state
      and (cast(:source as text) is null or source.name = :source)
      and (cast(:reason as text) is null or reason = :reason)
    order by quarantine.id limit :limit
"""
)
_SETTLE = text("""
    update quarantine set state = :state, settled_by = :by, note = :note, settled_at = now()
    where id = :id and state = 'open'
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

    async def take(self, number: int) -> Quarantined:
        """See `Quarantine`."""
        row = (await self._connection.execute(_TAKE, {"id": number})).one_or_none()
        if row is None:
            raise UnknownQuarantined(str(number))
        return _quarantined(row)

    async def settle(self, number: int, settlement: Settlement) -> None:
        """See `Quarantine`."""
        values = {
            "id": number,
            "state": settlement.state.value,
            "by": settlement.by,
            "note": settlement.note,
        }
        await self._connection.execute(_SETTLE, values)


class QuarantineList:
    """The work list, read outside of transactions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def page(
        self, *, state: State, source: str | None, reason: str | None, after: int, limit: int
    ) -> list[Quarantined]:
        """Up to `limit` of that state with a number above `after`, oldest first."""
        values = {
            "state": state.value,
            "source": source,
            "reason": reason,
            "after": after,
            "limit": limit,
        }
        async with self._engine.connect() as connection:
            return [_quarantined(row) for row in await connection.execute(_PAGE, values)]

    async def get(self, number: int) -> Quarantined | None:
        """One quarantined fact, settled or not."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_GET, {"id": number})).one_or_none()
        return None if row is None else _quarantined(row)


def _quarantined(row: Row[tuple[object, ...]]) -> Quarantined:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Quarantined(**{**values, "state": State(values["state"])})
