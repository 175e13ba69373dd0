"""What is needed to know old codes (换码)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ingestion_service.model.code import Alias


class Codes(Protocol):
    """Old codes of entities."""

    @property
    def recoded(self) -> Mapping[str, str]:
        """Earlier USCCs and those that came next, as of a moment ago; see `rules.recoding.end_of`."""
        ...

    def latest_ms(self, at_ms: int) -> int:
        """The last instant at which something may already have happened."""
        ...

    async def current(self, codes: Collection[str]) -> Mapping[str, str]:
        """The USCCs of today of those that are known as old codes."""
        ...

    async def learn(self, told: Sequence[Alias]) -> None:
        """What `rules.recoding.learned` says is known; what is contested is alerted."""
        ...

    async def forget(self, facts: Collection[tuple[int, str]]) -> None:
        """What these facts, by key, taught of codes is not known any more."""
        ...

    async def sent_under(self, codes: Mapping[tuple[int, str], str]) -> None:
        """The codes that facts, by key, came under are kept."""
        ...

    async def joined_until(self) -> datetime:
        """Held facts and codes that came before have been brought together."""
        ...

    async def note_joined(self, until: datetime) -> None:
        """So have those that came before this; never taken back."""
        ...
