"""A bounded copy of the entities' heads in memory, so that an event needs no read of its row."""

from collections.abc import Collection, Mapping

from classification_service.model.judgement import Head

DEFAULT_LIMIT = 600_000


class HeadCache:
    """Heads as last committed, in two generations: when the young one is full the old one is dropped.

    A writer marks what it is about to write as unsettled and remembers it after the commit. Until then it is not
    found here, so that a second look within the same transaction reads the transaction's own rows, and a rolled back
    one leaves nothing wrong behind.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._young: dict[str, Head] = {}
        self._old: dict[str, Head] = {}
        self._unsettled: set[str] = set()
        self._generation = max(1, limit // 2)

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())

    def find(self, usccs: Collection[str]) -> tuple[dict[str, Head], list[str]]:
        """The heads that are here, and the entities whose head is not."""
        young, old, unsettled = self._young, self._old, self._unsettled
        found: dict[str, Head] = {}
        missing: list[str] = []
        for uscc in usccs:
            head = young.get(uscc) or old.get(uscc)
            if head is None or uscc in unsettled:
                missing.append(uscc)
            else:
                found[uscc] = head
        return found, missing

    def unsettle(self, usccs: Collection[str]) -> None:
        """These are about to be written: they are read from the database until they are remembered."""
        self._unsettled.update(usccs)

    def remember(self, heads: Mapping[str, Head]) -> None:
        """These were committed."""
        self._unsettled.difference_update(heads)
        if len(self._young) + len(heads) > self._generation:
            self._old, self._young = self._young, {}
        self._young.update(heads)

    def clear(self) -> None:
        """Nothing is known any more."""
        self._young, self._old, self._unsettled = {}, {}, set()
