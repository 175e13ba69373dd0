"""What people ask of the books; implements `ports.Classes`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import nan
from typing import Any

from httpapi.operations import TrailEntry
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Executable,
    Text,
    TextClause,
    and_,
    cast,
    func,
    select,
    text,
    true,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.sparse_values import unpack

from classification_service.model.explanation import ClassCount, CurrentState, Decision
from classification_service.store.points import DerivedPoints
from classification_service.tables import state

_STATE = (
    *(state.c.uscc, state.c.profile_version, state.c.risk_class, state.c.score, state.c.override_code),
    *(state.c.flags, state.c.decision_number, state.c.change_number, state.c.area_code, state.c.industry),
    *(state.c.entity_type, state.c.status, state.c.business_day, state.c.recorded_at, state.c.model_id),
    state.c.sectors,
)
DECISION = """
    uscc, number, decided_at, business_day, recorded_at, profile_version, model_id, sparse_values, points, score,
    class, score_class, override_code, flags, cause, previous_class, sectors, set_code, established_on, status,
    interventions, indicator_values, catalogue_version
"""
"""What `decision_of` takes, of the view `decided` and of the functions that read it in part."""
_AS_OF = text(f"""
    select {DECISION} from decisions_of(:uscc)
    where cast(:as_of as timestamptz) is null or decided_at <= :as_of order by number desc limit 1
""")
_NUMBERED = text(f"select {DECISION} from decisions_of(:uscc) where number = :number")
_BEFORE = text(f"""
    select {DECISION} from decisions_of(:uscc) where number < :before order by number desc limit :limit
""")
_COUNTS = text("""
    select case cast(:by as text) when 'area' then area_code when 'industry' then industry else '' end as kind,
        class, model_id, sum(entities)::bigint,
        coalesce(sum(entities) filter (where is_observed), 0)::bigint
    from class_count where cast(:area_code as text) is null or area_code = :area_code
    group by 1, 2, 3 having sum(entities) <> 0 order by 1, 2, 3
""")


class Reads:
    """Queries over the service's database."""

    def __init__(
        self, engine: AsyncEngine, widths: Mapping[int, int], points: DerivedPoints | None = None
    ) -> None:
        self._engine = engine
        self._widths = widths
        self._points = points

    async def state(self, uscc: str) -> CurrentState | None:
        """The entity as it stands."""
        rows = await self._rows(select(*_STATE).where(state.c.uscc == uscc))
        return CurrentState(*rows[0]) if rows else None

    async def states(
        self, after: str, limit: int, area_code: str | None, *, risk_class: str | None, status: str | None
    ) -> Sequence[CurrentState]:
        """See `ports.Classes`."""
        chosen = and_(
            state.c.uscc > after,
            _within(state.c.area_code, area_code),
            *([] if risk_class is None else [state.c.risk_class == risk_class]),
            *([] if status is None else [state.c.status == status]),
        )
        query = select(*_STATE).where(chosen).order_by(state.c.uscc).limit(limit)
        return [CurrentState(*row) for row in await self._rows(query)]

    async def lookup(self, usccs: Sequence[str], area_code: str | None) -> Sequence[CurrentState]:
        """Those of these entities that are known, in order of USCC."""
        chosen = and_(
            state.c.uscc == func.any(cast(list(usccs), ARRAY(Text))), _within(state.c.area_code, area_code)
        )
        query = select(*_STATE).where(chosen).order_by(state.c.uscc)
        return [CurrentState(*row) for row in await self._rows(query)]

    async def decision(self, uscc: str, as_of: datetime | None) -> Decision | None:
        """The newest decision made at or before `as_of`, or of all."""
        return next(iter(await self._decisions(_AS_OF, {"uscc": uscc, "as_of": as_of})), None)

    async def numbered(self, uscc: str, number: int) -> Decision | None:
        """The decision with this number."""
        return next(iter(await self._decisions(_NUMBERED, {"uscc": uscc, "number": number})), None)

    async def decisions(self, uscc: str, before: int, limit: int) -> Sequence[Decision]:
        """Decisions with a lower number, newest first."""
        return await self._decisions(_BEFORE, {"uscc": uscc, "before": before, "limit": limit})

    async def _decisions(self, query: TextClause, values: Mapping[str, Any]) -> list[Decision]:
        async with self._engine.connect() as connection:
            rows = await connection.execute(query, values)
            found = [decision_of(tuple(row), self._widths) for row in rows]
            return found if self._points is None else await self._points.filled(connection, found)

    async def counts(self, by: str, area_code: str | None) -> Sequence[ClassCount]:
        """Entities in the population by class and by `area`, `industry` (top letter) or `none`."""
        query = _COUNTS.bindparams(by=by, area_code=area_code)
        return [ClassCount(*row) for row in await self._rows(query)]

    async def _rows(self, query: Executable) -> list[tuple[Any, ...]]:
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(query)]


def decision_of(row: tuple[Any, ...], widths: Mapping[int, int]) -> Decision:
    """The decision in this row of `DECISION`, with a value for every indicator: those not there yet are not known.

    It has no points where a monthly run made it.
    """
    *told, by_first_catalogue, catalogue_version = row
    values = dict(zip(Decision.__dataclass_fields__, told, strict=True))
    sparse, width = values["values"], widths[catalogue_version]
    known = by_first_catalogue if sparse is None else unpack([bytes(sparse)], width)[0].tolist()
    values["values"] = (*known, *[nan] * (max(widths.values()) - width))
    return Decision(**values | {"points": tuple(values["points"] or ())})


class ClassTrail:
    """What this service decided about one entity, for `GET /v1/trail/{uscc}`."""

    _LONGEST = 1000

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def area_of(self, uscc: str) -> str | None:
        """The entity's area, None when not known."""
        found = await self._reads.state(uscc)
        return (found.area_code or None) if found else None

    async def entries(self, uscc: str) -> list[TrailEntry]:
        """Its decisions, oldest first."""
        decisions = await self._reads.decisions(uscc, 2**31 - 1, self._LONGEST)
        return [_entry(each) for each in reversed(decisions)]


def _entry(each: Decision) -> TrailEntry:
    moved = {"previous_class": each.previous_class, "override_code": each.override_code}
    return TrailEntry(
        at=each.decided_at,
        kind="decision",
        what=each.risk_class,
        says={
            **{field: code for field, code in moved.items() if code},
            "score": each.score,
            "number": each.number,
            "model": each.model_id,
            "cause": each.cause or "calendar",
        },
    )


def _within(column: Any, area_code: str | None) -> ColumnElement[bool]:
    return true() if area_code is None else column == area_code
