"""What people and the audit read: one fact, figures by day, an entity's trail."""

from datetime import date

from httpapi.operations import TrailEntry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingestion_service import wire
from ingestion_service.model.fact import TYPE_OF_NUMBER
from ingestion_service.model.ledger import Figure, LedgerFact
from ingestion_service.model.verdict import Standing

_ONE = text("""
    select fact.recorded_at, fact.occurred_at, fact.type, fact.standing, fact.uscc, fact.payload,
           quarantine.id as quarantine_id, quarantine.reason, quarantine.state, sent_under.code as sent_under
    from fact join source on source.id = fact.source_id
    left join quarantine on quarantine.source_id = fact.source_id and quarantine.fact_id = fact.fact_id
    left join sent_under on sent_under.source_id = fact.source_id and sent_under.fact_id = fact.fact_id
    where source.name = :source and fact.fact_id = :fact_id
""")
_FIGURES = text("""
    select source.name as source, type, standing,
           (recorded_at at time zone 'Asia/Shanghai')::date as day, count(*) as facts
    from fact join source on source.id = source_id
    where recorded_at >= cast(:first as date)::timestamp at time zone 'Asia/Shanghai'
      and recorded_at < (cast(:last as date) + 1)::timestamp at time zone 'Asia/Shanghai'
    group by 1, 2, 3, 4 order by 4, 1, 2, 3
""")
_TRAIL = text("""
    select fact.recorded_at, fact.occurred_at, fact.type, fact.standing, source.name as source, fact.fact_id,
           quarantine.reason, quarantine.state, quarantine.traceparent
    from fact join source on source.id = fact.source_id
    left join quarantine on quarantine.source_id = fact.source_id and quarantine.fact_id = fact.fact_id
    where fact.uscc = :uscc order by fact.recorded_at, fact.fact_id limit 1000
""")


class LedgerReader:
    """Reads the ledger outside of transactions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def fact(self, source: str, fact_id: str) -> LedgerFact | None:
        """One fact, or None when it never came."""
        async with self._engine.connect() as connection:
            values = {"source": source, "fact_id": fact_id}
            row = (await connection.execute(_ONE, values)).one_or_none()
        if row is None:
            return None
        return LedgerFact(
            fact_type=_type_name(row.type),
            standing=Standing(row.standing),
            uscc=row.uscc,
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            contents=None if row.payload is None else wire.as_json(row.payload),
            quarantine_id=row.quarantine_id,
            reason=row.reason,
            state=row.state,
            sent_under=row.sent_under,
        )

    async def figures(self, first: date, last: date) -> list[Figure]:
        """Counts of the days `first` to `last`, inclusive."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_FIGURES, {"first": first, "last": last})
            return [
                Figure(row.day, row.source, _type_name(row.type), Standing(row.standing), row.facts)
                for row in rows
            ]


class LedgerTrail:
    """httpapi's `Trail`: what ingestion knows of one entity."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def area_of(self, _uscc: str) -> str | None:
        """Areas are profiling's to know: only staff of the whole city read this trail."""
        return None

    async def entries(self, uscc: str) -> list[TrailEntry]:
        """Each fact of the entity as it was recorded, oldest first; at most 1,000.

        Only quarantined facts keep the trace that brought them: a column for it would cost every fact more than it
        would help; the trace of an accepted one is on its event in Kafka.
        """
        async with self._engine.connect() as connection:
            rows = await connection.execute(_TRAIL, {"uscc": uscc.upper()})
            return [
                TrailEntry(
                    at=row.recorded_at,
                    kind="fact_accepted" if row.standing == Standing.ACCEPTED else f"quarantine_{row.state}",
                    what=_type_code(row.type),
                    says={"fact_id": f"{row.source}|{row.fact_id}"}
                    | ({"reason": row.reason} if row.reason else {}),
                    trace_id=(row.traceparent or "")[3:35] or None,
                )
                for row in rows
            ]


def _type_code(number: int) -> str:
    known = TYPE_OF_NUMBER.get(number)
    return known.code if known else "unknown"


def _type_name(number: int) -> str:
    known = TYPE_OF_NUMBER.get(number)
    return known.name if known else "unknown"
