"""Decisions with everything they are derived from; implements `ports.governing.Replays`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncEngine

from classification_service.model.explanation import Decision
from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.risk_model import Catalogue, RiskClass
from classification_service.rules.replaying import Known, numbers_of, set_of
from classification_service.store.model_sets import ModelSets
from classification_service.store.reads import DECISION, decision_of

_EPOCH = date(1970, 1, 1)
_ONE = text(f"select {DECISION} from decisions_of(:uscc) where number = :number")
_KEYS = text("""
    select uscc, number from decided
    order by hashtextextended(uscc || '|' || number, :seed), uscc, number limit :count
""")
_BY_KEY = text(f"""
    select {", ".join(f"found.{name.strip()}" for name in DECISION.split(","))}
    from unnest(cast(:usccs as text[]), cast(:numbers as integer[])) as key (uscc, number)
    cross join lateral decisions_of(key.uscc) as found where found.number = key.number
""")
_REST = text(f"select {DECISION} from decisions_of(:uscc) where number > :number order by number")
_NEXT = text("""
    select max(uscc) from (select uscc from state where uscc > :after order by uscc limit :limit) as following
""")
_BETWEEN = text(f"select {DECISION} from decisions_between(:after, :up_to) order by uscc, number")
_PATIENTLY = text("set local statement_timeout = 0")
"""What draws from all decisions takes as long as it takes."""
_AT_ONCE = 5000
_INTERVENTIONS = text("""
    select id, uscc, kind, class, indicator, share, expires_on from intervention
    where id = any(cast(:ids as bigint[]))
""")


class ReplayReads:
    """Queries for replays.

    Args:
        engine: of the service's database.
        catalogue: the order of values.
        widths: how many indicators each catalogue had, by its version.
    """

    def __init__(self, engine: AsyncEngine, catalogue: Catalogue, widths: Mapping[int, int]) -> None:
        self._engine = engine
        self._widths = widths
        self._sets = ModelSets(catalogue)

    async def one(self, uscc: str, number: int) -> Decision | None:
        """See `ports.governing.Replays`."""
        return next(iter(await self._decisions(_ONE, {"uscc": uscc, "number": number})), None)

    async def sample(self, count: int, seed: int) -> Sequence[Decision]:
        """See `ports.governing.Replays`; looks at every key."""
        async with self._engine.begin() as connection:
            await connection.execute(_PATIENTLY)
            keys = (await connection.execute(_KEYS, {"seed": seed, "count": count})).all()
        found: list[Decision] = []
        for start in range(0, len(keys), _AT_ONCE):
            usccs, numbers = zip(*keys[start : start + _AT_ONCE], strict=True)
            found += await self._decisions(_BY_KEY, {"usccs": list(usccs), "numbers": list(numbers)})
        return found

    async def after(self, uscc: str, number: int, limit: int) -> Sequence[Decision]:
        """See `ports.governing.Replays`; goes from entity to entity, of whom each has one decision at least."""
        found = await self._decisions(_REST, {"uscc": uscc, "number": number})
        last: str | None = uscc
        while last is not None and len(found) < limit:
            up_to = await self._following(last, limit - len(found))
            if up_to is not None:
                found += await self._decisions(_BETWEEN, {"after": last, "up_to": up_to})
            last = up_to
        return found[:limit]

    async def _following(self, uscc: str, entities: int) -> str | None:
        async with self._engine.connect() as connection:
            found = await connection.execute(_NEXT, {"after": uscc, "limit": entities})
        last: str | None = found.scalar_one()
        return last

    async def known(self, decisions: Sequence[Decision]) -> Known:
        """See `ports.governing.Replays`."""
        async with self._engine.connect() as connection:
            sets = await self._sets.of(connection, {set_of(each) for each in decisions})
        numbers = {number for each in decisions for number in numbers_of(each)}
        return Known(sets, await self._interventions(numbers))

    async def _decisions(self, query: TextClause, values: Mapping[str, Any]) -> list[Decision]:
        async with self._engine.connect() as connection:
            rows = await connection.execute(query, values)
            return [decision_of(tuple(row), self._widths) for row in rows]

    async def _interventions(self, numbers: Collection[int]) -> Mapping[int, Intervention]:
        if not numbers:
            return {}
        async with self._engine.connect() as connection:
            rows = await connection.execute(_INTERVENTIONS, {"ids": sorted(numbers)})
            return {row.id: intervention_of(row) for row in rows}


def intervention_of(row: Any) -> Intervention:
    """What judging needs to know of an intervention."""
    risk_class = int(RiskClass[row[3]]) if row[3] else 0
    last_day = (row.expires_on - _EPOCH).days
    kind = InterventionKind(row.kind)
    return Intervention(row.id, row.uscc, kind, risk_class, row.indicator, row.share, last_day)
