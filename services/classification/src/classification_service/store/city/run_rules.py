"""What a monthly run judges by: the models it began with, and what people decided, read without holding them."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service.errors import MovedMeanwhile
from classification_service.rules.judging_city import RunRules
from classification_service.store.in_force import RulesInForce
from classification_service.store.model_sets import ModelSets

_HELD = text("select generation from standing for share")


class SqlRunRules:
    """Reads them; `in_force` is what the process knows of the rules in force."""

    def __init__(self, in_force: RulesInForce) -> None:
        self._in_force = in_force
        self._sets = ModelSets(in_force.catalogue)

    async def of(self, connection: AsyncConnection, set_code: str) -> RunRules:
        """As of a generation, at the least: `hold` tells whether it still holds."""
        generation, found = await self._in_force.unheld(connection)
        scorers = (await self._sets.of(connection, {set_code}))[set_code]
        return RunRules(generation, scorers, found.interventions)

    async def hold(self, connection: AsyncConnection, generation: int) -> None:
        """Nobody decides anything until the transaction ends.

        Raises:
            MovedMeanwhile: The rules are of a later generation by now.
        """
        if (await connection.execute(_HELD)).scalar_one() != generation:
            raise MovedMeanwhile
