"""What searching needs of the world."""

from collections.abc import Collection, Sequence
from typing import Protocol

from profiling_service.model.searching import Candidate, Found
from profiling_service.rules.searching.grams import Ask


class SearchReads(Protocol):
    """Looks entities up by pieces of what is kept of them; `area_code` None for the whole city."""

    async def asked(self, asks: Sequence[Ask], area_code: str | None, most: int) -> Sequence[Candidate]:
        """Of each question `most` entities that answer it."""
        ...

    async def beginning(self, code: str, person: str, area_code: str | None, most: int) -> Sequence[str]:
        """Codes of entities whose code, or whose person's reference, begins so; an empty text asks for none."""
        ...

    async def entities(self, usccs: Collection[str], area_code: str | None) -> Sequence[Found]:
        """Those of them that there are."""
        ...
