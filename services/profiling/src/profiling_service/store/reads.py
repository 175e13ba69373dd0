"""What people ask, read from the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from httpapi.operations import TrailEntry
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.sparse_values import unpack

from profiling_service import wire
from profiling_service.model.facts import FactType
from profiling_service.ports import EntityRow, FactRow, RunState
from profiling_service.ports.names import NameRow
from profiling_service.rules.columns import columns
from profiling_service.rules.effect import in_effect
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.windows import as_day
from profiling_service.tables import ENTITY, FACT, SIGNAL

_FEATURES = text("select string_agg(features, ''::bytea order by number) from fact where uscc = :uscc")
_RUN = text("select day, after_uscc, entities, changed from business_day")
_NAMED = text("""
    select uscc, name, status, area_code, address from entity
    where uscc = any(cast(:usccs as text[])) and (cast(:area as text) is null or area_code = :area)
    order by uscc
""")


class SqlReads:
    """`Reads` on the service's database."""

    def __init__(self, engine: AsyncEngine, book: RuleBook) -> None:
        self._engine = engine
        self._book = book

    async def business_day(self) -> RunState:
        """See `Reads`."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_RUN)).one()
        return RunState(as_day(row.day), row.after_uscc, max(row.entities, 0), row.changed)

    async def entity(self, uscc: str) -> EntityRow | None:
        """See `Reads`."""
        rows = await self._rows(_entities().where(ENTITY.c.uscc == uscc))
        return self._entity(rows[0]) if rows else None

    async def area_of(self, uscc: str) -> str | None:
        """See `Reads`."""
        rows = await self._rows(select(ENTITY.c.area_code).where(ENTITY.c.uscc == uscc))
        return rows[0].area_code or None if rows else None

    async def entities(self, area_code: str | None, after: str, limit: int) -> Sequence[EntityRow]:
        """See `Reads`."""
        query = _entities().where(ENTITY.c.uscc > after).order_by(ENTITY.c.uscc).limit(limit)
        if area_code is not None:
            query = query.where(ENTITY.c.area_code == area_code)
        return [self._entity(row) for row in await self._rows(query)]

    async def named(self, usccs: Collection[str], area_code: str | None) -> Sequence[NameRow]:
        """See `Reads`."""
        values = {"usccs": list(usccs), "area": area_code}
        async with self._engine.connect() as connection:
            return [NameRow(*row) for row in await connection.execute(_NAMED, values)]

    async def facts(self, uscc: str, after: int, limit: int) -> Sequence[FactRow]:
        """See `Reads`; whether a fact counts is decided by the rules, on the business day."""
        return await self._facts(uscc, and_(FACT.c.uscc == uscc, FACT.c.number > after), limit)

    async def facts_of(self, uscc: str, numbers: Sequence[int]) -> Sequence[FactRow]:
        """Those facts of an entity, in order of number."""
        return await self._facts(uscc, and_(FACT.c.uscc == uscc, FACT.c.number.in_(numbers)), len(numbers))

    async def _facts(self, uscc: str, condition: ColumnElement[bool], limit: int) -> Sequence[FactRow]:
        counts = await self._counting(uscc)
        rows = await self._rows(select(FACT).where(condition).order_by(FACT.c.number).limit(limit))
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

    async def signals_of(self, uscc: str) -> Sequence[Any]:
        """Rows of the entity's signals, a thousand at most."""
        return await self._rows(select(SIGNAL).where(SIGNAL.c.uscc == uscc).limit(1000))

    async def _counting(self, uscc: str) -> list[bool]:
        day = (await self.business_day()).business_day
        async with self._engine.connect() as connection:
            features = (await connection.execute(_FEATURES, {"uscc": uscc})).scalar_one()
        facts = columns([bytes(features or b"")])
        counts: list[bool] = in_effect(facts, self._book.forms, day).tolist()
        return counts

    def _entity(self, row: Any) -> EntityRow:
        catalogue = self._book.catalogue
        told = bytes(row.told) if row.catalogue_version == catalogue.version else None
        values = np.full(catalogue.width, np.nan) if told is None else unpack([told], catalogue.width)[0]
        shown = dict(zip(EntityRow.__struct_fields__, (*row[:-1], values.tolist()), strict=True))
        return EntityRow(**shown)

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
        signals = await self._reads.signals_of(uscc)
        entries = [
            TrailEntry(
                at=fact.decided_at,
                kind="fact",
                what=FactType(fact.type).code,
                says={"fact_id": f"{fact.source}|{fact.fact_id}", "ended": not fact.counts},
            )
            for fact in facts
        ]
        entries += [
            TrailEntry(
                at=signal.raised_at,
                kind="signal",
                what=signal.family,
                says={"signal_id": signal.signal_id, "state": _state(signal)},
            )
            for signal in signals
        ]
        last = max((entry.at for entry in entries), default=entity.recorded_at)
        return [*sorted(entries, key=lambda entry: entry.at), _standing(entity, last)]


def _standing(entity: EntityRow, at: datetime) -> TrailEntry:
    known = np.count_nonzero(~np.isnan(np.array(entity.values, np.float32)))
    return TrailEntry(
        at=at,
        kind="profile",
        what="",
        says={
            "profile_version": entity.profile_version,
            "business_day": str(entity.business_day),
            "indicators_known": int(known),
        },
    )


def _state(signal: Any) -> str:
    return "open" if signal.is_open else "suppressed" if signal.cleared_on is None else "cleared"


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
        columns_.legal_person_ref,
        columns_.platforms,
        _of_its_facts(func.count()),
        columns_.profile_version,
        columns_.business_day,
        _of_its_facts(func.max(FACT.c.recorded_at)),
        columns_.inferred_industry,
        columns_.sectors,
        columns_.catalogue_version,
        columns_.told,
    )


def _of_its_facts(figure: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(figure).select_from(FACT).where(FACT.c.uscc == ENTITY.c.uscc).scalar_subquery()
