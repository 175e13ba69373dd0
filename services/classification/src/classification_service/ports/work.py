"""What the HTTP edge needs to say how much waits for people."""

from datetime import date
from typing import Protocol

from classification_service.model.work import Work


class Waiting(Protocol):
    """Counts what waits."""

    async def work(self, area_code: str | None, who: str, today: date) -> Work:
        """How much waits, of entities of an area or of all; `who` may not decide what is their own."""
        ...
