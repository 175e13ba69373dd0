"""Statistics of sectors; implements `ports.Sectors`.

States keep the class of each entity in its sectors. What gives points is read from the newest decisions; where a
monthly run made that, it follows from the values of the state, which are those last judged.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.entity_types import statuses
from vocabulary.sparse_values import unpack

from classification_service.model.sectors import PointsOfItem, SectorCount
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.scoring import Dense, Subjects
from classification_service.rules.sector_points import points_of_items
from classification_service.rules.verdicts import verdicts
from classification_service.store.model_sets import ModelSets

_GONE = ", ".join(f"'{code}'" for code, row in statuses().items() if not row.in_population)
_MEMBERS = f"""
    state.sectors <> 0 and state.status not in ({_GONE}) and (cast(:area as text) is null or state.area_code = :area)
"""
_NEWEST = "state join decision on decision.uscc = state.uscc and decision.number = state.decision_number"
_GROUPS = {"area": "state.area_code", "none": "''"}
_POINTS = text(f"""
    select sectors, model_id, given.place - 2, count(*), sum(given.points) from (
        select state.sectors, decision.model_id, decision.points
        from {_NEWEST} where {_MEMBERS} and state.class in ('C', 'D')
    ) member cross join lateral unnest(member.points) with ordinality as given (points, place)
    where given.points > 0 and given.place > 1
    group by 1, 2, 3 order by 1, 2, 3
""")


_OF_RUNS = text(f"""
    select state.set_code, state.sectors, state.business_day, state.established_on, state.sparse_values from state
    where {_MEMBERS} and state.class in ('C', 'D') and state.sparse_values is not null and state.set_code <> ''
        and state.catalogue_version = :catalogue and not exists (
            select from decision where decision.uscc = state.uscc and decision.number = state.decision_number)
""")
_EPOCH = date(1970, 1, 1)
_AT_ONCE = 20_000


class SectorReads:
    """Queries over states and their newest decisions; `sets` are the models that judged."""

    def __init__(self, engine: AsyncEngine, sets: ModelSets) -> None:
        self._engine = engine
        self._sets = sets

    async def mix(self, by: str, area_code: str | None) -> Sequence[SectorCount]:
        """Members by sectors, class, override and `area` or `none`."""
        query = text(f"""
            select {_GROUPS[by]}, sectors, class, override_code, count(*)
            from state where {_MEMBERS} group by 1, 2, 3, 4 order by 1, 2, 3, 4
        """)
        return [SectorCount(*row) for row in await self._rows(query, {"area": area_code})]

    async def points(self, area_code: str | None) -> Sequence[PointsOfItem]:
        """What gives members of C and D points, by their sectors; the base is no item."""
        kept = [PointsOfItem(*row) for row in await self._rows(_POINTS, {"area": area_code})]
        return kept + await self._derived(area_code)

    async def _derived(self, area_code: str | None) -> list[PointsOfItem]:
        catalogue = self._sets.catalogue
        by_set: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for row in await self._rows(_OF_RUNS, {"area": area_code, "catalogue": catalogue.version}):
            by_set[row[0]].append(row[1:])
        async with self._engine.connect() as connection:
            sets = await self._sets.of(connection, by_set)
        return [
            found
            for code, rows in by_set.items()
            for start in range(0, len(rows), _AT_ONCE)
            for found in await asyncio.to_thread(_points, sets[code], rows[start : start + _AT_ONCE])
        ]

    async def _rows(self, query: Any, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(query, parameters)]


def _points(scorers: ScorerSet, rows: Sequence[tuple[Any, ...]]) -> list[PointsOfItem]:
    sectors, days, established, packed = zip(*rows, strict=True)
    on = np.array([(day - _EPOCH).days for day in days])
    since = np.array([np.nan if day is None else (day - _EPOCH).days for day in established])
    values = unpack([bytes(each) for each in packed], scorers.width)
    made = verdicts(scorers, Dense(values), Subjects(on - since, on))
    return list(points_of_items(np.array(sectors), made))
