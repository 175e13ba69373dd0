"""Points of decisions that monthly runs made: they are not kept, and follow from values and models."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service.model.explanation import Decision
from classification_service.rules.replaying import Known, points_of, set_of
from classification_service.store.model_sets import ModelSets


class DerivedPoints:
    """Derives them; `sets` are the models by which the decisions were made."""

    def __init__(self, sets: ModelSets) -> None:
        self._sets = sets

    async def filled(self, connection: AsyncConnection, decisions: Sequence[Decision]) -> list[Decision]:
        """The decisions, each with its points."""
        without = [each for each in decisions if not each.points]
        sets = await self._sets.of(connection, {set_of(each) for each in without})
        derived = iter(points_of(without, Known(sets, {})))
        return [each if each.points else replace(each, points=next(derived)) for each in decisions]
