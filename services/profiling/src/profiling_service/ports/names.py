"""Who many codes are."""

from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec


class NameRow(msgspec.Struct, frozen=True):
    """Who an entity is."""

    uscc: str
    name: str
    status: int
    area_code: str
    address: str


class Names(Protocol):
    """Looks names up."""

    async def named(self, usccs: Collection[str], area_code: str | None) -> Sequence[NameRow]:
        """Those of these entities that are known, of the area where one is given, in order of code."""
        ...
