"""What people ask of outcomes; implements `ports.Reviews`."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, and_, func, literal, literal_column, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from classification_service.model.evidence import Evidence, Texts
from classification_service.model.figures import Move
from classification_service.model.review import REPORTED, ReviewScope, Tally
from classification_service.model.sectors import SECTORS, bit_of
from classification_service.tables import review_outcome

_RESULT = review_outcome.c
_PENDING = "pending"
_SECTOR_NAMES = ", ".join(
    f"case when member_of & {1 << sector.place} <> 0 then '{sector.code}' end" for sector in SECTORS
)
_GROUPS: Mapping[str, ColumnElement[Any]] = {
    "class": _RESULT.class_at_draw,
    "area": _RESULT.area_code,
    "industry": func.left(_RESULT.industry, 1),
    "stratum": _RESULT.stratum,
    "item": func.unnest(func.string_to_array(_RESULT.item, ",")),
    "sector": literal_column(f"unnest(array_remove(array[{_SECTOR_NAMES}], null))"),
}
_COLUMNS = (
    *(_RESULT.class_at_draw, _RESULT.score, _RESULT.probability, _RESULT.stratum, _RESULT.in_denominator),
    *(_RESULT.is_problem, func.array_position(_RESULT.codes, _PENDING).is_not(None), _RESULT.area_code),
    *(
        func.left(_RESULT.industry, 1),
        _RESULT.item,
        _RESULT.member_of,
        _RESULT.ownership,
        _RESULT.size,
        _RESULT.age,
    ),
)
_LABELS = ("area", "industry", "item", "sector", "ownership", "size", "age")
_AS_OF = """
    select uscc, score, model_id, case when flags & 4 = 0 then class else '' end as class from standing_on({day})
"""
_IN_AREA = """
    (cast(:area as text) is null or uscc in (select state.uscc from state where area_code = :area))
"""
_SCORES = text(f"""
    select model_id, score, count(*) from ({_AS_OF.format(day=":day")}) at
    where class <> '' and {_IN_AREA} group by 1, 2 order by 1, 2
""")
_MOVES = text(f"""
    select coalesce(first.class, ''), coalesce(second.class, ''), count(*)
    from ({_AS_OF.format(day=":before")}) first full join ({_AS_OF.format(day=":after")}) second using (uscc)
    where coalesce(first.class, '') || coalesce(second.class, '') <> '' and {_IN_AREA}
    group by 1, 2 order by 1, 2
""")
_LEFT_D = text(f"""
    with near as materialized (
        select uscc, number, class, previous_class, business_day from decision
        where business_day between :since and cast(:until as date) + interval '1 month'
            and 'D' in (class, previous_class)
        union all
        select kept.uscc, kept.number, kept.class, kept.previous_class, block.business_day
        from monthly_block block cross join lateral unnest(
            block.usccs, block.numbers, string_to_array(block.classes, null),
            string_to_array(block.previous_classes, null), block.is_decided
        ) as kept (uscc, number, class, previous_class, is_decided)
        where block.business_day between :since and cast(:until as date) + interval '1 month'
            and kept.is_decided and 'D' in (kept.class, kept.previous_class)
    ),
    later as (
        select each.uscc, each.number, each.business_day from near each where class <> 'D'
    )
    select count(*), count(*) filter (where exists (
        select from later where later.uscc = entry.uscc and later.number > entry.number
            and later.business_day <= entry.business_day + interval '1 month'))
    from near entry
    where class = 'D' and previous_class <> 'D' and business_day <= :until and {_IN_AREA}
""")


_PATIENTLY = text("set local statement_timeout = 0")
_FOR_SOME_MINUTES = text("set local statement_timeout = '5min'")
"""What asks for every entity at two moments, or for every decision of some months, takes longer than other reads."""


class ReviewReads:
    """Queries over outcomes and decisions."""

    _patience = _FOR_SOME_MINUTES

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            yield connection

    async def tallies(self, by: str, scope: ReviewScope) -> Sequence[Tally]:
        """Counts by a grouping of `_GROUPS`, of what was drawn."""
        return await self._tallies(by, scope, _RESULT.stratum != REPORTED)

    async def reported_tallies(self, by: str, scope: ReviewScope) -> Sequence[Tally]:
        """The same, of what other departments reported; without weights."""
        return await self._tallies(by, scope, _RESULT.stratum == REPORTED)

    async def _tallies(self, by: str, scope: ReviewScope, kind: ColumnElement[bool]) -> Sequence[Tally]:
        group = _GROUPS[by].label("group")
        is_problem = and_(_RESULT.in_denominator, _RESULT.is_problem)
        weight = func.sum(1 / _RESULT.probability)
        columns = (
            group,
            func.count(),
            func.count().filter(_RESULT.in_denominator),
            func.count().filter(is_problem),
            func.coalesce(weight.filter(_RESULT.in_denominator), 0.0),
            func.coalesce(weight.filter(is_problem), 0.0),
        )
        query = (
            select(*columns)
            .select_from(review_outcome)
            .where(kind, *_within(scope))
            .group_by(group)
            .order_by(group)
        )
        return [Tally(*row) for row in await self._rows(query, {})]

    async def evidence(self, scope: ReviewScope) -> Evidence:
        """The outcomes in scope side by side."""
        query = select(*_COLUMNS).where(*_within(scope))
        rows = await self._rows(query, {})
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS)
        return await asyncio.to_thread(_evidence, columns)

    async def scores_on(self, day: date, area_code: str | None) -> Mapping[str, Mapping[float, int]]:
        """Entities by the model that judged them and their score, at the end of this business day."""
        found: dict[str, dict[float, int]] = defaultdict(dict)
        for model_id, score, entities in await self._rows(_SCORES, {"day": day, "area": area_code}):
            found[model_id][float(score)] = int(entities)
        return found

    async def moves(self, before: date, after: date, area_code: str | None) -> Sequence[Move]:
        """Entities by their classes at the end of two business days."""
        rows = await self._long(_MOVES, {"before": before, "after": after, "area": area_code})
        return [Move(*row) for row in rows]

    async def left_d(self, since: date, until: date, area_code: str | None) -> tuple[int, int]:
        """Entities that came into D between these days, and those of them that left it within one month."""
        rows = await self._long(_LEFT_D, {"since": since, "until": until, "area": area_code})
        return rows[0][0], rows[0][1]

    async def _rows(self, query: Any, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        async with self._connected() as connection:
            return [tuple(row) for row in await connection.execute(query, parameters)]

    async def _long(self, query: Any, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        async with self._connected() as connection:
            await connection.execute(self._patience)
            return [tuple(row) for row in await connection.execute(query, parameters)]


class PatientReviewReads(ReviewReads):
    """The same for work in the background, where no one waits: a statement takes as long as it takes."""

    _patience = _PATIENTLY

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            await connection.execute(_PATIENTLY)
            yield connection


def _evidence(columns: Sequence[Sequence[Any]]) -> Evidence:
    risk_class, score, probability, stratum, valid, problem, pending, *labels = columns
    is_valid = np.array(valid, bool)
    return Evidence(
        risk_class=_texts(risk_class),
        score=np.array(score, np.float64),
        probability=np.array(probability, np.float64),
        uniform=np.asarray(_texts(stratum) == "uniform", bool),
        valid=is_valid,
        problem=np.array(problem, bool) & is_valid,
        pending=np.array(pending, bool),
        labels={name: _texts(values) for name, values in zip(_LABELS, labels, strict=True)},
    )


def _texts(values: Sequence[Any]) -> Texts:
    return np.array(values, object)


def _within(scope: ReviewScope) -> list[ColumnElement[bool]]:
    return [
        _RESULT.stratum == "uniform" if scope.uniform_only else true(),
        true() if scope.area_code is None else _RESULT.area_code == scope.area_code,
        true() if scope.item is None else _among(_RESULT.item, scope.item),
        true() if scope.since is None else _RESULT.occurred_on >= scope.since,
        true() if scope.until is None else _RESULT.occurred_on <= scope.until,
        true() if scope.sector is None else _RESULT.member_of.op("&")(bit_of(scope.sector)) != 0,
        true() if scope.model_id is None else _RESULT.model_id == scope.model_id,
    ]


def _among(joined: ColumnElement[str], item: str) -> ColumnElement[bool]:
    """Whether the visit was for this item too; a visit's items are merged, and joined by commas (综合查一次)."""
    return literal(item) == func.any(func.string_to_array(joined, ","))
