"""The models and what people decided, as they are in force: kept in memory and read anew when they moved."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import structlog
from eventbus import Transaction
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service import tables
from classification_service.errors import InvalidModel
from classification_service.model.risk_model import Catalogue, Promotion
from classification_service.rules.choosing import Scorers
from classification_service.rules.judging import InForce, Interventions
from classification_service.rules.reading import model_of
from classification_service.rules.scoring import Scorer
from classification_service.rules.shadowing import Shadow
from classification_service.store.packs import ReadVersions
from classification_service.store.replays import intervention_of

_log = structlog.get_logger(log="rules")
_GENERATION = text("""
    select generation, coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false) as mine from standing for share
""")
_UNHELD = text("select generation from standing")
_MOVED = text("update standing set generation = generation + 1")
_ADD_SET = text("insert into model_set (code, models) values (:code, :models) on conflict (code) do nothing")
_INTERVENTIONS = text("""
    select id, uscc, kind, class, indicator, share, expires_on, state from intervention
    where moved_in > :known and (:known >= 0 or state = 'in_force') order by id
""")
_SHADOWS = text("select number, draft, definition from shadow_run where stopped_at is null order by number")
_EPOCH = date(1970, 1, 1)


class Rules(NamedTuple):
    """What judges, the drafts that run beside it, and the promotions it follows from."""

    in_force: InForce
    shadows: Sequence[Shadow]
    promotions: Sequence[Promotion]


class RulesInForce:
    """What judges, shared by all transactions of the process.

    A transaction that reads it holds its generation until it ends, so that a promotion or a decision of a person waits
    for it, and whoever comes after judges by the new.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.versions = ReadVersions(catalogue)
        self._known: tuple[int, Rules] | None = None

    async def read(self, connection: AsyncConnection) -> InForce:
        """As they are in force for whoever only looks."""
        generation, mine = (await connection.execute(_GENERATION)).one()
        return (self._found(generation, mine=mine) or await self._load(connection)).in_force

    async def unheld(self, connection: AsyncConnection) -> tuple[int, InForce]:
        """A generation, and what was in force then or after; nobody waits for this transaction.

        It is remembered at once: it holds nothing that is not committed, since the transaction has moved nothing.
        """
        generation = (await connection.execute(_UNHELD)).scalar_one()
        found = self._found(generation, mine=False) or await self._load(connection)
        self._remember(generation, found)
        return generation, found.in_force

    async def governing(self, transaction: Transaction) -> Rules:
        """As they are in force for this transaction.

        They are remembered once it has committed; what the transaction itself moves is read each time.
        """
        generation, mine = (await transaction.connection.execute(_GENERATION)).one()
        found = self._found(generation, mine=mine)
        if found is not None:
            return found
        rules = await self._load(transaction.connection)
        if not mine:
            transaction.after_commit(lambda: self._remember(generation, rules))
        return rules

    def _found(self, generation: int, *, mine: bool) -> Rules | None:
        known = self._known
        return None if mine or known is None or known[0] != generation else known[1]

    def _remember(self, generation: int, rules: Rules) -> None:
        if self._known is None or self._known[0] < generation:
            self._known = (generation, rules)

    async def _load(self, connection: AsyncConnection) -> Rules:
        promotions = await _promotions(connection)
        scorers = await self._scorers(promotions, connection)
        interventions = await self._interventions(connection)
        return Rules(InForce(scorers, interventions), await self._shadows(connection), promotions)

    async def _scorers(self, promotions: Sequence[Promotion], connection: AsyncConnection) -> Scorers:
        """Made anew only when a promotion came: what people decide of entities moves none."""
        if self._known is not None and self._known[1].promotions == promotions:
            return self._known[1].in_force.scorers
        models = await self.versions.read(connection, {each.model_id for each in promotions})
        return Scorers(list(models.values()), promotions, self.catalogue)

    async def _interventions(self, connection: AsyncConnection) -> Interventions:
        """Read are those that moved since the generation known; all of them by a process that knows none."""
        generation, known = (
            (self._known[0], self._known[1].in_force.interventions) if self._known else (-1, {})
        )
        moved_since = (await connection.execute(_INTERVENTIONS, {"known": generation})).all()
        if not moved_since:
            return known
        found = defaultdict(
            list, {uscc: list(known.get(uscc, ())) for uscc in {row.uscc for row in moved_since}}
        )
        for row in moved_since:
            others = [each for each in found[row.uscc] if each.id != row.id]
            found[row.uscc] = [*others, intervention_of(row)] if row.state == "in_force" else others
            found[row.uscc].sort(key=lambda each: each.id)
        return {uscc: some for uscc, some in {**known, **found}.items() if some}

    async def name_sets(self, connection: AsyncConnection) -> None:
        """Every set of models that follows from the promotions is in the books.

        Who promotes names them, and not who judges by them: two who judge would wait for each other's names.
        """
        scorers = await self._scorers(await _promotions(connection), connection)
        sets = [{"code": each.code, "models": [model.id for model in each.models]} for each in scorers.sets()]
        await connection.execute(_ADD_SET, sets)

    async def _shadows(self, connection: AsyncConnection) -> Sequence[Shadow]:
        """Those at work that can be read; one that cannot is told and judges nothing, and the live models go on."""
        known = {each.number: each for each in self._known[1].shadows} if self._known else {}
        rows = await connection.execute(_SHADOWS)
        found = [known.get(row.number) or self._shadow(row) for row in rows]
        return [each for each in found if each is not None]

    def _shadow(self, row: Any) -> Shadow | None:
        try:
            return Shadow(row.number, Scorer(model_of(row.definition, self.catalogue), self.catalogue))
        except InvalidModel as error:
            _log.warning("shadow left out", run=row.number, draft=row.draft, problem=str(error))
            return None


async def _promotions(connection: AsyncConnection) -> list[Promotion]:
    rows = await connection.execute(select(tables.promotion).order_by(tables.promotion.c.number))
    return [Promotion(row.number, row.model_id, (row.from_day - _EPOCH).days) for row in rows]


async def moved(connection: AsyncConnection) -> None:
    """Whoever reads the rules in force after this transaction reads them anew."""
    await connection.execute(_MOVED)
