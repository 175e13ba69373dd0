"""What people ask, read from the database."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from httpapi.operations import TrailEntry
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from profiling_service import wire
from profiling_service.model.facts import FactType
from profiling_service.ports import EntityRow, FactRow, RunState, SignalFilter, SignalRow
from profiling_service.rules.columns import columns, in_effect
from profiling_service.rules.windows import as_day
from profiling_service.tables import ENTITY, FACT, SIGNAL

_FEATURES = text("select string_agg(features, ''::bytea order by number) from fact where uscc = :uscc")
_RUN = text("select day, after_uscc, entities, changed from business_day")


class SqlReads:
    """`Reads` on the service's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def business_day(self) -> RunState:
        """See `Reads`."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_RUN)).one()
        return RunState(as_day(row.day), row.after_uscc, row.entities, row.changed)

    async def entity(self, uscc: str) -> EntityRow | None:
        """See `Reads`."""
        rows = await self._rows(_entities().where(ENTITY.c.uscc == uscc))
        return EntityRow(*rows[0]) if rows else None

    async def area_of(self, uscc: str) -> str | None:
        """See `Reads`."""
        rows = await self._rows(select(ENTITY.c.area_code).where(ENTITY.c.uscc == uscc))
        return rows[0].area_code or None if rows else None

    async def entities(self, area_code: str | None, text: str, after: str, limit: int) -> Sequence[EntityRow]:
        """See `Reads`."""
        query = _entities().where(ENTITY.c.uscc > after).order_by(ENTITY.c.uscc).limit(limit)
        if area_code is not None:
            query = query.where(ENTITY.c.area_code == area_code)
        if text:
            named = func.strpos(ENTITY.c.name, text) > 0
            query = query.where(or_(named, ENTITY.c.uscc.startswith(text, autoescape=True)))
        return [EntityRow(*row) for row in await self._rows(query)]

    async def facts(self, uscc: str, after: int, limit: int) -> Sequence[FactRow]:
        """See `Reads`; whether a fact counts is decided by the rules, on the business day."""
        counts = await self._counting(uscc)
        query = select(FACT).where(and_(FACT.c.uscc == uscc, FACT.c.number > after))
        rows = await self._rows(query.order_by(FACT.c.number).limit(limit))
        return [
            FactRow(
                row.number,
                row.type,
                row.source,
                row.fact_id,
                row.occurred_at,
                row.recorded_at,
                row.decided_at,
                counts[row.number - 1],
                wire.particulars(row.source, row.payload),
            )
            for row in rows
            if row.number <= len(counts)
        ]

    async def signal(self, signal_id: str) -> SignalRow | None:
        """See `Reads`."""
        rows = await self._rows(_signals().where(SIGNAL.c.signal_id == signal_id))
        return SignalRow(*rows[0]) if rows else None

    async def signals(self, wanted: SignalFilter, after: str, limit: int) -> Sequence[SignalRow]:
        """See `Reads`."""
        query = _signals().where(SIGNAL.c.signal_id > after).order_by(SIGNAL.c.signal_id).limit(limit)
        asked = (
            (ENTITY.c.area_code, wanted.area_code),
            (SIGNAL.c.family, wanted.family),
            (SIGNAL.c.uscc, wanted.uscc),
            (SIGNAL.c.is_open, wanted.is_open),
        )
        query = query.where(*(column == value for column, value in asked if value is not None))
        return [SignalRow(*row) for row in await self._rows(query)]

    async def statistics(self, area_code: str | None) -> Sequence[tuple[str, int, int, int]]:
        """See `Reads`."""
        warned = exists().where(SIGNAL.c.uscc == ENTITY.c.uscc, SIGNAL.c.is_open)
        query = select(
            ENTITY.c.area_code, ENTITY.c.status, func.count(), func.count().filter(warned)
        ).group_by(ENTITY.c.area_code, ENTITY.c.status)
        if area_code is not None:
            query = query.where(ENTITY.c.area_code == area_code)
        rows = await self._rows(query.order_by(ENTITY.c.area_code, ENTITY.c.status))
        return [(area, status, entities, with_signal) for area, status, entities, with_signal in rows]

    async def _counting(self, uscc: str) -> list[bool]:
        day = (await self.business_day()).business_day
        async with self._engine.connect() as connection:
            features = (await connection.execute(_FEATURES, {"uscc": uscc})).scalar_one()
        counts: list[bool] = in_effect(columns([bytes(features or b"")]), day).tolist()
        return counts

    async def _rows(self, query: Select[Any]) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            rows: Sequence[Any] = (await connection.execute(query)).all()
            return rows


class ProfileTrail:
    """What this service knows of one entity, for whoever follows it through the loop."""

    def __init__(self, reads: SqlReads) -> None:
        self._reads = reads

    async def area_of(self, uscc: str) -> str | None:
        """The entity's area."""
        return await self._reads.area_of(uscc)

    async def entries(self, uscc: str) -> Sequence[TrailEntry]:
        """Its facts, signals and present profile, oldest first."""
        entity = await self._reads.entity(uscc)
        if entity is None:
            return []
        facts = await self._reads.facts(uscc, 0, 1000)
        signals = await self._reads.signals(SignalFilter(None, None, uscc, None), "", 1000)
        entries = [
            TrailEntry(
                at=fact.decided_at,
                kind="fact",
                what=FactType(fact.type).code,
                detail=f"{fact.source}|{fact.fact_id}" + ("" if fact.counts else " (no longer counts)"),
            )
            for fact in facts
        ]
        entries += [
            TrailEntry(
                at=signal.raised_at,
                kind="signal",
                what=signal.family,
                detail=f"{signal.signal_id} {'open' if signal.is_open else 'cleared'}",
            )
            for signal in signals
        ]
        last = max((entry.at for entry in entries), default=entity.recorded_at)
        told = f"profile {entity.profile_version} of {entity.business_day}: {_known(entity)} indicators known"
        return [*sorted(entries, key=lambda entry: entry.at), TrailEntry(at=last, kind="profile", what=told)]


def _known(entity: EntityRow) -> int:
    return int(np.count_nonzero(~np.isnan(np.array(entity.values, np.float32))))


def _entities() -> Select[Any]:
    columns_ = ENTITY.c
    return select(
        columns_.uscc,
        columns_.name,
        columns_.entity_type,
        columns_.status,
        columns_.area_code,
        columns_.industry,
        columns_.established_on,
        columns_.capital_fen,
        columns_.address,
        columns_.platforms,
        _of_its_facts(func.count()),
        columns_.profile_version,
        columns_.business_day,
        _of_its_facts(func.max(FACT.c.recorded_at)),
        columns_.indicator_values,
    )


def _of_its_facts(figure: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(figure).select_from(FACT).where(FACT.c.uscc == ENTITY.c.uscc).scalar_subquery()


def _signals() -> Select[Any]:
    columns_ = SIGNAL.c
    return select(
        columns_.signal_id,
        columns_.uscc,
        columns_.family,
        columns_.severity,
        columns_.suggested_step,
        columns_.evidence,
        columns_.raised_on,
        columns_.due_on,
        columns_.raised_at,
        columns_.is_open,
        columns_.cleared_on,
        columns_.cleared_reason,
        columns_.cleared_by,
        ENTITY.c.area_code,
    ).join(ENTITY, ENTITY.c.uscc == SIGNAL.c.uscc)
