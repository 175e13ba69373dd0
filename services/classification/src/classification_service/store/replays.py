"""Decisions with everything they are derived from; implements `ports.governing.Replays`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from classification_service import tables
from classification_service.model.explanation import Decision
from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.risk_model import Catalogue, RiskClass
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.reading import model_of
from classification_service.rules.replaying import Known, numbers_of, set_of
from classification_service.rules.scoring import Scorer
from classification_service.store.city.kept import MonthlyDecisions
from classification_service.store.reads import DECISION, decision_of

_EPOCH = date(1970, 1, 1)
_KEY = tuple_(tables.decision.c.uscc, tables.decision.c.number)
_KEYS = text("""
    select uscc, number from decision
    order by hashtextextended(uscc || '|' || number, :seed), uscc, number limit :count
""")
_PATIENTLY = text("set local statement_timeout = 0")
"""What draws from all decisions takes as long as it takes."""
_AT_ONCE = 5000
_INTERVENTIONS = text("""
    select id, uscc, kind, class, indicator, share, expires_on from intervention
    where id = any(cast(:ids as bigint[]))
""")


class ReplayReads:
    """Queries for replays; scorers are kept, since what they are made of never changes.

    Args:
        engine: of the service's database.
        catalogue: the order of values.
        widths: how many indicators each catalogue had, by its version.
    """

    def __init__(self, engine: AsyncEngine, catalogue: Catalogue, widths: Mapping[int, int]) -> None:
        self._of_runs = MonthlyDecisions(engine, catalogue, widths)
        self._engine = engine
        self._catalogue = catalogue
        self._widths = widths
        self._scorers: dict[str, Scorer] = {}
        self._sets: dict[str, ScorerSet] = {}

    async def one(self, uscc: str, number: int) -> Decision | None:
        """See `ports.governing.Replays`."""
        found = await self._decisions(
            select(*DECISION).where(tables.decision.c.uscc == uscc, tables.decision.c.number == number)
        )
        of_runs = [] if found else await self._of_runs.of(uscc)
        return next((each for each in (*found, *of_runs) if each.number == number), None)

    async def sample(self, count: int, seed: int) -> Sequence[Decision]:
        """See `ports.governing.Replays`; looks at every key."""
        async with self._engine.begin() as connection:
            await connection.execute(_PATIENTLY)
            rows = await connection.execute(_KEYS, {"seed": seed, "count": count})
            keys = [tuple(row) for row in rows]
        found: list[Decision] = []
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            found += await self._decisions(select(*DECISION).where(_KEY.in_(some)))
        return found

    async def after(self, uscc: str, number: int, limit: int) -> Sequence[Decision]:
        """See `ports.governing.Replays`."""
        query = select(*DECISION).where((uscc, number) < _KEY)
        ordered = query.order_by(tables.decision.c.uscc, tables.decision.c.number)
        return await self._decisions(ordered.limit(limit))

    async def known(self, decisions: Sequence[Decision]) -> Known:
        """See `ports.governing.Replays`."""
        await self._learn({set_of(each) for each in decisions} - self._sets.keys())
        numbers = {number for each in decisions for number in numbers_of(each)}
        return Known(self._sets, await self._interventions(numbers))

    async def _decisions(self, query: Select[Any]) -> list[Decision]:
        async with self._engine.connect() as connection:
            return [decision_of(tuple(row), self._widths) for row in await connection.execute(query)]

    async def _learn(self, codes: Collection[str]) -> None:
        if not codes:
            return
        query = select(tables.model_set).where(tables.model_set.c.code.in_(codes))
        async with self._engine.connect() as connection:
            named = {row.code: row.models for row in await connection.execute(query)}
        named |= {code: [code] for code in codes if code not in named}
        await self._learn_models(
            {each for models in named.values() for each in models} - self._scorers.keys()
        )
        for code, models in named.items():
            self._sets[code] = ScorerSet([self._scorers[each] for each in models])

    async def _learn_models(self, ids: Collection[str]) -> None:
        query = select(tables.model.c.id, tables.model.c.definition).where(tables.model.c.id.in_(ids))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        for row in rows:
            self._scorers[row.id] = Scorer(model_of(row.definition, self._catalogue), self._catalogue)

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
