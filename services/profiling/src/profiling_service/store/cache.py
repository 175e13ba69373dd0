"""Bounded copies in memory of what is stored of entities, changed only after a commit."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from profiling_service.model.entities import Entity
from profiling_service.rules.suppressing import Sensing

Copied = TypeVar("Copied", Entity, bytes)


class Copies(Generic[Copied]):
    """The copies used last, at most `limit` of them, by USCC.

    Two generations: what is used moves to the young one, and when that is half of the limit the old one is dropped.
    No order of use is kept, so a hit costs two look-ups at most.
    """

    def __init__(self, limit: int) -> None:
        self._half = max(1, limit // 2)
        self._young: dict[str, Copied] = {}
        self._old: dict[str, Copied] = {}

    def get(self, uscc: str) -> Copied | None:
        """The copy, or None when it must be read."""
        found = self._young.get(uscc)
        if found is None:
            found = self._old.get(uscc)
        return found

    def put(self, committed: Mapping[str, Copied]) -> None:
        """These are the committed states."""
        self._young.update(committed)
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}

    def forget(self, uscc: str) -> None:
        """It must be read again."""
        self._young.pop(uscc, None)
        self._old.pop(uscc, None)

    def clear(self) -> None:
        """Everything must be read again."""
        self._young.clear()
        self._old.clear()

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())


class EntityCache:
    """Copies of entities and, packed, of their registered particulars; at most `limit` of each.

    Attributes:
        sensing: What is suppressed and the bounds of peers, with the version they were read in.
    """

    def __init__(self, limit: int) -> None:
        self.entities: Copies[Entity] = Copies(limit)
        self.identities: Copies[bytes] = Copies(limit)
        self.sensing: tuple[int, Sensing] | None = None
        self._calendar: object = None

    def hold_for(self, calendar: object) -> None:
        """Copies made under another state of the calendar are forgotten: a daily run may have told those entities anew.

        Most facts change nothing that is told, and so touch no row whose version would show that a copy is stale.
        """
        if calendar != self._calendar:
            self.clear()
            self._calendar = calendar

    def clear(self) -> None:
        """Everything must be read again."""
        self.entities.clear()
        self.identities.clear()
        self.sensing = None
