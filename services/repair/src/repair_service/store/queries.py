"""Reads for people: lists, one record, an entity's own records, statistics, an entity's trail."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from httpapi.operations import TrailEntry
from sqlalchemy import ColumnElement, Select, case, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from repair_service.errors import UnknownRecord
from repair_service.ports import RecordFilter, RecordRow, StatisticsRow
from repair_service.tables import daily_run, entity, record

_area_code = func.coalesce(entity.c.area_code, "")


class Reads:
    """Read-only questions, each on a connection of its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def page(
        self, limited: RecordFilter, *, after: tuple[date, str] | None, limit: int
    ) -> Sequence[RecordRow]:
        """Up to `limit` records, newest decision first, after the one whose day and identifier are given."""
        query = _records().where(*_conditions(limited))
        if after is not None:
            query = query.where(tuple_(record.c.decided_on, record.c.record_id) < after)
        return await self._all(
            query.order_by(record.c.decided_on.desc(), record.c.record_id.desc()).limit(limit)
        )

    async def get(self, record_id: str) -> RecordRow:
        """One record.

        Raises:
            UnknownRecord: There is none.
        """
        rows: list[RecordRow] = await self._all(_records().where(record.c.record_id == record_id))
        if not rows:
            raise UnknownRecord(record_id)
        return rows[0]

    async def statistics(self, area: str | None) -> Sequence[StatisticsRow]:
        """Counts of records by kind, tier, state and reason of the stop, in one area or in all."""
        keys = (record.c.kind, record.c.tier, record.c.state, record.c.stop_reason)
        query = select(*keys, func.count().label("records")).select_from(_joined())
        if area is not None:
            query = query.where(_area_code == area)
        return await self._all(query.group_by(*keys).order_by(*keys))

    async def stopped_by_run(self, day: date) -> dict[str, int]:
        """Records stopped by the runs of a day, by kind of record, over all calls."""
        columns = (daily_run.c.penalties, daily_run.c.abnormal_listings, daily_run.c.serious_listings)
        rows = await self._all(select(*columns).where(daily_run.c.day == day))
        counts = tuple(rows[0]) if rows else (0, 0, 0)
        return dict(zip(("penalty", "abnormal_listing", "serious_listing"), counts, strict=True))

    async def _all(self, query: Select[Any]) -> list[Any]:
        async with self._engine.connect() as connection:
            return list(await connection.execute(query))


class EntityTrail:
    """What happened to an entity here; implements httpapi's `Trail`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def area_of(self, uscc: str) -> str | None:
        """The entity's area; None while it is not known here."""
        query = select(entity.c.area_code).where(entity.c.uscc == uscc)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).scalar_one_or_none() or None

    async def entries(self, uscc: str) -> Sequence[TrailEntry]:
        """What happened, in order of when it became known."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_TRAIL, {"uscc": uscc})
            return [TrailEntry.model_validate(row) for row in rows]


def _joined() -> Any:
    return record.outerjoin(entity, entity.c.uscc == record.c.uscc)


def _records() -> Select[Any]:
    name = func.coalesce(entity.c.name, "").label("name")
    notice_id = case((record.c.notice_due, record.c.record_id + "|notice-1")).label("notice_id")
    return select(record, notice_id, name, _area_code.label("area_code")).select_from(_joined())


def _conditions(limited: RecordFilter) -> list[ColumnElement[bool]]:
    columns = {
        _area_code: limited.area,
        record.c.uscc: limited.uscc,
        record.c.kind: limited.kind,
        record.c.tier: limited.tier,
        record.c.state: limited.state,
    }
    return [column == value for column, value in columns.items() if value is not None]


BOOKS = {
    "records": "select record_id from record",
    "notices_due": "select record_id || '|notice-1' from record where notice_due",
    "stops": "select record_id || '|stop-1' from record where stop_reason is not null",
    "stop_notices_due": "select record_id || '|stop-1' from record where stop_notice_due",
    "stop_orders": "select order_id from stop_order where not superseding",
    "described": "select uscc || '|' || area_code || '|' || name from entity",
}

_TRAIL = text("""
    select recorded_at as at, 'record_opened' as kind, kind as what,
        json_strip_nulls(json_build_object(
            'record_id', record_id, 'tier', tier, 'citation', citation, 'apply_from', apply_from, 'stops_on', stops_on
        )) as says
    from record where uscc = :uscc
    union all
    select recorded_at, 'repair_notice_due', kind,
        json_strip_nulls(json_build_object(
            'record_id', record_id, 'document_number', nullif(document_number, '')
        ))
    from record where uscc = :uscc and notice_due
    union all
    select stop_recorded_at, 'record_stopped', kind,
        json_build_object(
            'record_id', record_id, 'stop_reason', stop_reason, 'stopped_on', stopped_on, 'citation', stop_citation
        )
    from record where uscc = :uscc and stop_reason is not null
    union all
    select recorded_at, 'stop_ordered', coalesce(kind, ''),
        json_strip_nulls(json_build_object(
            'order_id', order_id, 'record_id', target, 'stop_reason', reason, 'ordered_on', ordered_on
        ))
    from stop_order where uscc = :uscc
    order by at, kind
""")
