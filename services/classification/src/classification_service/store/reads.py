"""What people ask of the books; implements `ports.Classes` and `ports.Reviews`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import nan
from typing import Any

from httpapi.operations import TrailEntry
from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, cast, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.entity_types import statuses
from vocabulary.sparse_values import unpack

from classification_service.model.explanation import ClassCount, CurrentState, Decision
from classification_service.model.review import InspectionResult, ReviewScope, Tally
from classification_service.model.risk_model import Flag
from classification_service.tables import decision, review_result, state

_EPOCH = date(1970, 1, 1)
_STATE = (
    *(state.c.uscc, state.c.profile_version, state.c.risk_class, state.c.score, state.c.override_code),
    *(state.c.flags, state.c.decision_number, state.c.change_number, state.c.area_code, state.c.industry),
    *(state.c.entity_type, state.c.status, state.c.business_day, state.c.recorded_at, state.c.model_id),
)
_DECISION = (
    *(decision.c.uscc, decision.c.number, decision.c.decided_at, decision.c.business_day),
    *(decision.c.recorded_at, decision.c.profile_version, decision.c.model_id),
    *(decision.c.sparse_values, decision.c.points, decision.c.score, decision.c.risk_class),
    *(decision.c.score_class, decision.c.override_code, decision.c.flags, decision.c.cause),
    decision.c.previous_class,
    decision.c.indicator_values,
    decision.c.catalogue_version,
)
_GROUPS = {"area": state.c.area_code, "industry": state.c.industry, "none": literal("")}
_TALLIED = {
    "class": review_result.c.class_at_draw,
    "area": review_result.c.area_code,
    "industry": review_result.c.industry,
}
_OUTSIDE_POPULATION = [code for code, row in statuses().items() if not row.in_population]


class Reads:
    """Queries over the service's database."""

    def __init__(self, engine: AsyncEngine, widths: Mapping[int, int]) -> None:
        self._engine = engine
        self._widths = widths

    async def state(self, uscc: str) -> CurrentState | None:
        """The entity as it stands."""
        rows = await self._rows(select(*_STATE).where(state.c.uscc == uscc))
        return CurrentState(*rows[0]) if rows else None

    async def states(self, after: str, limit: int, area_code: str | None) -> Sequence[CurrentState]:
        """Entities after this USCC, in order of USCC."""
        chosen = and_(state.c.uscc > after, _within(state.c.area_code, area_code))
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
        made = true() if as_of is None else decision.c.decided_at <= as_of
        query = select(*_DECISION).where(decision.c.uscc == uscc, made)
        rows = await self._rows(query.order_by(decision.c.number.desc()).limit(1))
        return self._decision(rows[0]) if rows else None

    async def decisions(self, uscc: str, before: int, limit: int) -> Sequence[Decision]:
        """Decisions with a lower number, newest first."""
        query = select(*_DECISION).where(decision.c.uscc == uscc, decision.c.number < before)
        rows = await self._rows(query.order_by(decision.c.number.desc()).limit(limit))
        return [self._decision(row) for row in rows]

    def _decision(self, row: Any) -> Decision:
        """With a value for every indicator of the catalogue: those that did not exist yet are not known."""
        *told, by_first_catalogue, catalogue_version = row
        values = dict(zip(Decision.__dataclass_fields__, told, strict=True))
        sparse, width = values["values"], self._widths[catalogue_version]
        known = by_first_catalogue if sparse is None else unpack([bytes(sparse)], width)[0].tolist()
        values["values"] = (*known, *[nan] * (max(self._widths.values()) - width))
        return Decision(**values | {"points": tuple(values["points"])})

    async def counts(self, by: str, area_code: str | None) -> Sequence[ClassCount]:
        """Entities in the population by class and by `area`, `industry` (top letter) or `none`."""
        group = func.left(_GROUPS[by], 1) if by == "industry" else _GROUPS[by]
        observed = func.count().filter(state.c.flags.op("&")(int(Flag.OBSERVED)) != 0)
        query = (
            select(group, state.c.risk_class, state.c.model_id, func.count(), observed)
            .where(state.c.status.not_in(_OUTSIDE_POPULATION), _within(state.c.area_code, area_code))
            .group_by(group, state.c.risk_class, state.c.model_id)
            .order_by(group, state.c.risk_class, state.c.model_id)
        )
        return [ClassCount(*row) for row in await self._rows(query)]

    async def tallies(self, by: str, scope: ReviewScope) -> Sequence[Tally]:
        """Counts by `class`, `area` or `industry` (top letter)."""
        result = review_result.c
        group = func.left(result.industry, 1) if by == "industry" else _TALLIED[by]
        is_problem = and_(result.in_denominator, result.is_problem)
        weight = func.sum(1 / result.probability)
        columns = (
            group,
            func.count(),
            func.count().filter(result.in_denominator),
            func.count().filter(is_problem),
            func.coalesce(weight.filter(result.in_denominator), 0.0),
            func.coalesce(weight.filter(is_problem), 0.0),
        )
        query = select(*columns).where(*_reviewed(scope)).group_by(group).order_by(group)
        return [Tally(*row) for row in await self._rows(query)]

    async def results_of(self, uscc: str) -> Sequence[InspectionResult]:
        """All results of one entity, oldest first."""
        query = select(review_result).where(review_result.c.uscc == uscc)
        rows = await self._rows(query.order_by(review_result.c.occurred_on, review_result.c.result_id))
        return [InspectionResult._make((*row[:-1], (row[-1] - _EPOCH).days)) for row in rows]

    async def _rows(self, query: Select[Any]) -> list[tuple[Any, ...]]:
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(query)]


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
    moved = f"{each.previous_class} → {each.risk_class}" if each.previous_class else each.risk_class
    override = f", {each.override_code}" if each.override_code else ""
    return TrailEntry(
        at=each.decided_at,
        kind="decision",
        what=f"class {moved}, score {each.score:g}{override}",
        detail=f"number {each.number}, {each.model_id}, cause {each.cause or 'calendar'}",
    )


def _reviewed(scope: ReviewScope) -> list[ColumnElement[bool]]:
    result = review_result.c
    return [
        result.stratum == "uniform" if scope.uniform_only else true(),
        _within(result.area_code, scope.area_code),
        true() if scope.item is None else _among(result.item, scope.item),
        true() if scope.since is None else result.occurred_on >= scope.since,
        true() if scope.until is None else result.occurred_on <= scope.until,
    ]


def _among(joined: ColumnElement[str], item: str) -> ColumnElement[bool]:
    """Whether the visit was for this item too; a visit's items are merged, and joined by commas (综合查一次)."""
    return literal(item) == func.any(func.string_to_array(joined, ","))


def _within(column: Any, area_code: str | None) -> ColumnElement[bool]:
    return true() if area_code is None else column == area_code
