"""Model versions for reading: those not in memory yet are fetched, since models are promoted meanwhile."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from classification_service import tables
from classification_service.model.explanation import Decision
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.scoring import Scorer
from classification_service.store.packs import stored_model

_SET = text("select models from model_set where code = :code")


class ModelShelf:
    """The versions in the books, each read once, since none ever changes; implements `ports.Models`.

    Args:
        known: versions read before.
    """

    def __init__(self, engine: AsyncEngine, catalogue: Catalogue, known: Sequence[RiskModel] = ()) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._models = {model.id: model for model in known}
        self._sets: dict[str, ScorerSet] = {}

    async def all(self) -> Sequence[RiskModel]:
        """In order of code and version."""
        async with self._engine.connect() as connection:
            ids = (await connection.execute(select(tables.model.c.id))).scalars().all()
        await self._fetch([each for each in ids if each not in self._models])
        return sorted((self._models[each] for each in ids), key=lambda model: (model.code, model.version))

    async def get(self, model_id: str) -> RiskModel | None:
        """The version with this id."""
        if model_id not in self._models:
            await self._fetch([model_id])
        return self._models.get(model_id)

    async def judging(self, decision: Decision) -> ScorerSet | None:
        """Scorers of the set that the decision names, or of the one model where it names none."""
        return await self.named(decision.set_code or decision.model_id)

    async def named(self, code: str) -> ScorerSet | None:
        """Scorers of the set of this code, or of the one model of this id."""
        if code not in self._sets:
            models = [await self.get(each) for each in await self._members(code)]
            known = [model for model in models if model is not None]
            if not known or len(known) < len(models):
                return None
            self._sets[code] = ScorerSet([Scorer(model, self._catalogue) for model in known])
        return self._sets[code]

    async def _members(self, code: str) -> Sequence[str]:
        if "@" in code:
            return [code]
        async with self._engine.connect() as connection:
            found = (await connection.execute(_SET, {"code": code})).scalar_one_or_none()
        return list(found or ())

    async def _fetch(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        query = select(tables.model).where(tables.model.c.id.in_(ids))
        async with self._engine.connect() as connection:
            for row in await connection.execute(query):
                model = stored_model(row, self._catalogue)
                self._models[model.id] = model
