"""Statistics of sectors; implements `ports.Sectors`.

States keep the class of each entity in its sectors, and the values that gave it: what gives points follows from them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from vocabulary.entity_types import statuses

from classification_service.model.intervention import Intervention
from classification_service.model.sectors import REPORTED_SECTORS, AtRisk, SectorCount
from classification_service.store.kept_values import side_by_side
from classification_service.store.replays import intervention_of

_GONE = ", ".join(f"'{code}'" for code, row in statuses().items() if not row.in_population)
_MEMBERS = f"""
    state.sectors <> 0 and state.status not in ({_GONE}) and (cast(:area as text) is null or state.area_code = :area)
"""
_GROUPS = {"area": "area_code", "none": "''"}
_C = 3
_GRADES = ", ".join(f"sectors >> {3 * sector.place} & 7" for sector in REPORTED_SECTORS)
_AT_RISK = text(f"""
    select uscc, case when set_code = '' then model_id else set_code end as models, sparse_values, catalogue_version,
           business_day - date '1970-01-01' as day, business_day - established_on as age_days
    from state
    where {_MEMBERS} and sparse_values is not null
      and (greatest({_GRADES}) >= {_C} or (greatest({_GRADES}) > 0 and class in ('C', 'D')))
    order by models, uscc
""")
_IN_FORCE = text("""
    select id, uscc, kind, class, indicator, share, expires_on from intervention
    where state = 'in_force' and uscc = any(cast(:usccs as text[])) order by id
""")


class SectorReads:
    """Queries over states.

    Args:
        engine: of the service's database.
        widths: how many indicators each catalogue had, by its version.
    """

    def __init__(self, engine: AsyncEngine, widths: Mapping[int, int]) -> None:
        self._engine = engine
        self._widths = widths

    async def mix(self, by: str, area_code: str | None) -> Sequence[SectorCount]:
        """Members by sectors, class, override and `area` or `none`."""
        query = text(f"""
            select {_GROUPS[by]}, sectors, class, override_code, sum(entities)::bigint from sector_count
            where sectors <> 0 and (cast(:area as text) is null or area_code = :area)
            group by 1, 2, 3, 4 having sum(entities) <> 0 order by 1, 2, 3, 4
        """)
        async with self._engine.connect() as connection:
            return [SectorCount(*row) for row in await connection.execute(query, {"area": area_code})]

    async def at_risk(self, area_code: str | None) -> Sequence[AtRisk]:
        """See `ports.Sectors`."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_AT_RISK, {"area": area_code})).all()
            people = await _in_force(connection, [row.uscc for row in rows])
        return await asyncio.to_thread(self._by_models, rows, people)

    def _by_models(self, rows: Sequence[Any], people: Mapping[str, Sequence[Intervention]]) -> list[AtRisk]:
        by_models: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            by_models[row.models].append(row)
        return [self._at_risk(models, some, people) for models, some in by_models.items()]

    def _at_risk(
        self, models: str, rows: Sequence[Any], people: Mapping[str, Sequence[Intervention]]
    ) -> AtRisk:
        ages = [np.nan if row.age_days is None else row.age_days for row in rows]
        return AtRisk(
            models=models,
            values=side_by_side(
                [row.sparse_values for row in rows], [row.catalogue_version for row in rows], self._widths
            ),
            days=np.array([row.day for row in rows], dtype=np.int64),
            age_days=np.array(ages, dtype=np.float64),
            interventions={place: people[row.uscc] for place, row in enumerate(rows) if row.uscc in people},
        )


async def _in_force(
    connection: AsyncConnection, usccs: Sequence[str]
) -> Mapping[str, Sequence[Intervention]]:
    found: dict[str, list[Intervention]] = defaultdict(list)
    for row in await connection.execute(_IN_FORCE, {"usccs": usccs}):
        found[row.uscc].append(intervention_of(row))
    return found
