"""Statistics of sectors; implements `ports.Sectors`.

States keep the class of each entity in its sectors. What gives points is read from the newest decisions.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.entity_types import statuses

from classification_service.model.sectors import PointsOfItem, SectorCount

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


class SectorReads:
    """Queries over states and their newest decisions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def mix(self, by: str, area_code: str | None) -> Sequence[SectorCount]:
        """Members by sectors, class, override and `area` or `none`."""
        query = text(f"""
            select {_GROUPS[by]}, sectors, class, override_code, count(*)
            from state where {_MEMBERS} group by 1, 2, 3, 4 order by 1, 2, 3, 4
        """)
        return [SectorCount(*row) for row in await self._rows(query, {"area": area_code})]

    async def points(self, area_code: str | None) -> Sequence[PointsOfItem]:
        """What gives members of C and D points, by their sectors; the base is no item."""
        return [PointsOfItem(*row) for row in await self._rows(_POINTS, {"area": area_code})]

    async def _rows(self, query: Any, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(query, parameters)]
