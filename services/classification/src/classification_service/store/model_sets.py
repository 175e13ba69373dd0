"""The sets of models that judged, by the code that decisions name."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service import tables
from classification_service.model.risk_model import Catalogue
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.reading import model_of
from classification_service.rules.scoring import Scorer


class ModelSets:
    """Reads them; they are kept, since what they are made of never changes.

    Args:
        catalogue: the order of values.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._scorers: dict[str, Scorer] = {}
        self._sets: dict[str, ScorerSet] = {}

    async def of(self, connection: AsyncConnection, codes: Collection[str]) -> Mapping[str, ScorerSet]:
        """The sets with these codes; a code that names no set is the id of a model that judged alone."""
        unknown = {code for code in codes if code not in self._sets}
        if unknown:
            await self._learn(connection, unknown)
        return {code: self._sets[code] for code in codes}

    async def _learn(self, connection: AsyncConnection, codes: Collection[str]) -> None:
        query = select(tables.model_set).where(tables.model_set.c.code.in_(codes))
        named = {row.code: row.models for row in await connection.execute(query)}
        named |= {code: [code] for code in codes if code not in named}
        ids = {each for models in named.values() for each in models}
        await self._learn_models(connection, ids - self._scorers.keys())
        for code, models in named.items():
            self._sets[code] = ScorerSet([self._scorers[each] for each in models])

    async def _learn_models(self, connection: AsyncConnection, ids: Collection[str]) -> None:
        query = select(tables.model.c.id, tables.model.c.definition).where(tables.model.c.id.in_(ids))
        for row in await connection.execute(query):
            self._scorers[row.id] = Scorer(model_of(row.definition, self.catalogue), self.catalogue)
