"""What a monthly run judges by: the models it began with, and what people decided, read without holding them."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service.errors import MovedMeanwhile
from classification_service.model.risk_model import Catalogue
from classification_service.rules.judging import Interventions
from classification_service.rules.judging_city import RunRules
from classification_service.store.in_force import interventions_in_force
from classification_service.store.model_sets import ModelSets

_GENERATION = text("select generation from standing")
_HELD = text("select generation from standing for share")


class SqlRunRules:
    """Reads them; what people decided is read anew when the generation moved."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._sets = ModelSets(catalogue)
        self._known: tuple[int, Interventions] | None = None

    async def of(self, connection: AsyncConnection, set_code: str) -> RunRules:
        """As of a generation, at the least: `hold` tells whether it still holds."""
        generation = (await connection.execute(_GENERATION)).scalar_one()
        if self._known is None or self._known[0] != generation:
            self._known = (generation, await interventions_in_force(connection))
        scorers = (await self._sets.of(connection, {set_code}))[set_code]
        return RunRules(generation, scorers, self._known[1])

    async def hold(self, connection: AsyncConnection, generation: int) -> None:
        """Nobody decides anything until the transaction ends.

        Raises:
            MovedMeanwhile: The rules are of a later generation by now.
        """
        if (await connection.execute(_HELD)).scalar_one() != generation:
            raise MovedMeanwhile
