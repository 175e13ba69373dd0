"""Adjustments and objections in PostgreSQL, inside one transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date, datetime
from math import nan
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from vocabulary.sparse_values import unpack

from classification_service.errors import NotInThisState, Unknown
from classification_service.model.governing import Who
from classification_service.model.intervention import (
    EXPIRED,
    InterventionKind,
    KeptIntervention,
    Objection,
    ObjectionState,
    Standing,
)
from classification_service.model.judgement import Head, IndicatorsChanged, Vector
from classification_service.model.risk_model import Catalogue, RiskClass
from classification_service.rules.objecting import Change, Earlier
from classification_service.store.in_force import moved
from classification_service.store.packs import shipped_widths

_EPOCH = date(1970, 1, 1)
_CLASSES = {each.name: int(each) for each in RiskClass}
KEPT = ", ".join(
    "class as risk_class" if each.name == "risk_class" else each.name for each in fields(KeptIntervention)
)
OBJECTION = ", ".join(each.name for each in fields(Objection))
_GENERATION = "(select generation from standing)"
"""Which reading of the rules in force is the first to know it."""
_ADD = text(f"""
    insert into intervention (uscc, kind, class, indicator, objection, share, reason, evidence, expires_on,
                              state, proposed_by, proposed_at, moved_in)
    values (:uscc, :kind, :risk_class, :indicator, :objection, :share, :reason, :evidence, :expires_on,
            :state, :proposed_by, :proposed_at, {_GENERATION})
    returning id
""")
_LOCK = text(f"select {KEPT} from intervention where id = :id for update")
_SAVE = text(f"""
    update intervention set state = :state, expires_on = :expires_on, decided_by = :decided_by,
        decided_at = :decided_at, refuse_reason = :refuse_reason, ended_by = :ended_by, ended_at = :ended_at,
        end_reason = :end_reason, moved_in = {_GENERATION}
    where id = :id
""")
_OVER = """
    from intervention left join objection on objection.number = intervention.objection
        left join review_withdrawal gone on gone.result_id = objection.record
        left join state on state.uscc = intervention.uscc
    where intervention.state = 'in_force' and (intervention.expires_on < :day or (
        gone.recorded_at <= state.recorded_at or gone.recorded_at < cast(:at as timestamptz) - interval '1 day'))
"""
"""Over is also what rests for a record that its source corrected or took back, once the values know it, or a day later
where that changed none of them.
"""
_ANY_OVER = text(f"select exists (select {_OVER})")
_END_OVER = text(f"""
    with over as materialized (
        select intervention.id, case when gone.result_id is null then :expired else 'record ' || gone.how end as why
        {_OVER} order by intervention.id limit :limit for update of intervention
    )
    update intervention set state = 'ended', ended_by = :by, ended_at = :at, end_reason = over.why,
        moved_in = {_GENERATION}
    from over where over.id = intervention.id returning intervention.uscc, intervention.id
""")
_KNOWN = text("""
    select uscc, profile_version, score, class, override_code, flags, area_code, industry, entity_type,
           decision_number, change_number, model_id, sectors,
           sparse_values, business_day, recorded_at, status, established_on
    from state where uscc = any(cast(:usccs as text[])) and sparse_values is not null and catalogue_version = :version
    order by uscc for update
""")
_ADD_OBJECTION = text("""
    insert into objection (uscc, record, indicators, ground, evidence, filed_by, filed_on, filed_at, due_on)
    values (:uscc, :record, :indicators, :ground, :evidence, :filed_by, :filed_on, :filed_at, :due_on)
    returning number
""")
_LOCK_OBJECTION = text(f"select {OBJECTION} from objection where number = :number for update")
_SAVE_OBJECTION = text("""
    update objection set state = :state, decided_by = :decided_by, decided_at = :decided_at, reason = :reason,
        must_happen = :must_happen, rests_until = :rests_until
    where number = :number
""")
_OF_OBJECTION = text(f"""
    select {KEPT} from intervention
    where id in (select max(id) from intervention where objection = :number group by indicator)
    order by id for update
""")
_OBJECTIONS_OF = text(f"""
    select exists (
        select from intervention where intervention.objection = objection.number and intervention.state = 'in_force'
    ), {OBJECTION}
    from objection where uscc = :uscc order by number
""")
_CHANGES_BY = text("""
    with known as materialized (select * from decisions_of(:uscc))
    select before.sparse_values as was, before.catalogue_version as was_version,
           after.sparse_values as now, after.catalogue_version as now_version,
           coalesce(before.profile_version, 0) + 1 = after.profile_version as is_next
    from known after left join known before on before.number = after.number - 1
    where after.cause = :record and after.sparse_values is not null
        and (after.number = 1 or before.number is not null)
    order by after.number
""")


def kept_of(row: Any) -> KeptIntervention:
    """The intervention in this row of `KEPT`."""
    kept = KeptIntervention(*row)
    return replace(
        kept,
        kind=InterventionKind(kept.kind),
        state=Standing(kept.state),
        evidence=tuple(kept.evidence),
    )


def objection_of(row: Any) -> Objection:
    """The objection in this row of `OBJECTION`."""
    found = Objection(*row)
    return replace(
        found,
        state=ObjectionState(found.state),
        indicators=tuple(found.indicators),
        evidence=tuple(found.evidence),
    )


class SqlInterventions:
    """Implements `ports.governing.Interventions`."""

    def __init__(self, connection: AsyncConnection, catalogue: Catalogue) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._widths = shipped_widths()

    async def standing(self) -> None:
        """See `ports.governing.Interventions`."""
        await moved(self._connection)

    async def add(self, kept: KeptIntervention) -> KeptIntervention:
        """See `ports.governing.Interventions`."""
        with _one_in_force():
            number = (await self._connection.execute(_ADD, _values(kept))).scalar_one()
        return replace(kept, id=number)

    async def lock(self, number: int) -> KeptIntervention:
        """See `ports.governing.Interventions`."""
        row = (await self._connection.execute(_LOCK, {"id": number})).one_or_none()
        if row is None:
            raise Unknown("intervention")
        return kept_of(row)

    async def save(self, kept: KeptIntervention) -> None:
        """See `ports.governing.Interventions`."""
        with _one_in_force():
            await self._connection.execute(_SAVE, _values(kept))

    async def any_over(self, day: date, at: datetime) -> bool:
        """See `ports.governing.Interventions`; nothing is locked."""
        found = await self._connection.execute(_ANY_OVER, {"day": day, "at": at})
        return bool(found.scalar_one())

    async def end_over(self, day: date, who: Who, limit: int) -> Sequence[tuple[str, int]]:
        """See `ports.governing.Interventions`; one statement."""
        values = {"day": day, "at": who.at, "by": who.by, "limit": limit, "expired": EXPIRED}
        return [(uscc, number) for uscc, number in await self._connection.execute(_END_OVER, values)]

    async def known(self, usccs: Collection[str]) -> tuple[Sequence[IndicatorsChanged], Mapping[str, Head]]:
        """See `ports.governing.Interventions`."""
        values = {"usccs": sorted(usccs), "version": self._catalogue.version}
        changes, heads = [], {}
        for row in await self._connection.execute(_KNOWN, values):
            uscc, version, score, letter, *others = row[:13]
            heads[uscc] = Head(version, score, _CLASSES[letter], *others)
            changes.append(_known(row))
        return changes, heads

    async def add_objection(self, objection: Objection) -> Objection:
        """See `ports.governing.Interventions`."""
        number = (await self._connection.execute(_ADD_OBJECTION, _values(objection))).scalar_one()
        return replace(objection, number=number)

    async def lock_objection(self, number: int) -> Objection:
        """See `ports.governing.Interventions`."""
        row = (await self._connection.execute(_LOCK_OBJECTION, {"number": number})).one_or_none()
        if row is None:
            raise Unknown("objection")
        return objection_of(row)

    async def save_objection(self, objection: Objection) -> None:
        """See `ports.governing.Interventions`."""
        await self._connection.execute(_SAVE_OBJECTION, _values(objection))

    async def of_objection(self, objection: int) -> Sequence[KeptIntervention]:
        """See `ports.governing.Interventions`."""
        rows = await self._connection.execute(_OF_OBJECTION, {"number": objection})
        return [kept_of(row) for row in rows]

    async def objections_of(self, uscc: str) -> Sequence[Earlier]:
        """See `ports.governing.Interventions`."""
        rows = await self._connection.execute(_OBJECTIONS_OF, {"uscc": uscc})
        return [Earlier(objection_of(row), rests) for rests, *row in rows]

    async def changes_by(self, uscc: str, record: str) -> Sequence[Change]:
        """See `ports.governing.Interventions`; before the first decision everything was zero."""
        rows = await self._connection.execute(_CHANGES_BY, {"uscc": uscc, "record": record})
        return [
            Change(self._full(row.was, row.was_version), self._full(row.now, row.now_version), row.is_next)
            for row in rows
            if row.was_version is None or row.was is not None
        ]

    def _full(self, packed: bytes | None, version: int | None) -> Vector:
        """The values, not a number for indicators that did not exist then."""
        width = len(self._catalogue.indicators)
        if packed is None or version is None:
            return np.zeros(width, np.float32)
        known = unpack([bytes(packed)], self._widths[version])[0]
        return np.concatenate([known, np.full(width - len(known), nan, np.float32)])


@contextmanager
def _one_in_force() -> Iterator[None]:
    """What would contradict another one in force is told as such."""
    try:
        yield
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in ("intervention_manual", "intervention_resting")):
            raise
        raise NotInThisState("entity", "under another one in force", "free of it") from error


def _known(row: Any) -> IndicatorsChanged:
    return IndicatorsChanged(
        row.uscc,
        row.profile_version,
        bytes(row.sparse_values),
        (row.business_day - _EPOCH).days,
        round(row.recorded_at.timestamp() * 1000),
        "",
        row.status,
        row.area_code,
        row.industry,
        row.entity_type,
        (row.established_on - _EPOCH).days if row.established_on else None,
    )


def _values(row: KeptIntervention | Objection) -> dict[str, Any]:
    values = {each.name: getattr(row, each.name) for each in fields(row)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
