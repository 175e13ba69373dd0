"""What is asked of class mixes that were."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from classification_service.model.mix import MixOfDay, MixQuestion


class Mixes(Protocol):
    """Class mixes by day."""

    async def keep(self, today: date) -> None:
        """Today's mix is kept as it is now, and those that monthly runs left on days nobody looked at."""
        ...

    async def trend(self, asked: MixQuestion, today: date) -> Sequence[MixOfDay]:
        """Mixes in order of day and class; today's as it is now."""
        ...
