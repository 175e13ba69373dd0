"""The whole audit of a running stack, and how it is told."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from booksaudit.compare import (
    Compared,
    Difference,
    Digest,
    Digests,
    Keys,
    difference,
    rows,
    suspect,
)
from booksaudit.lanes import Standing, Unread, compared, pending, unread
from booksaudit.pairs import ACCEPTED, DECIDED, PAIRS, READERS, RECORDED, Book, Pair
from booksaudit.reading import Read
from booksaudit.standing import wait_until_level

_MOST_UNREAD = 20


class Audit(NamedTuple):
    """What the audit found."""

    compared: Sequence[Compared]
    unread: Sequence[Unread]
    lanes: int
    pending: int
    dead_letters: dict[str, int]

    @property
    def lost(self) -> int:
        """Keys missing somewhere, and events published that someone has not read."""
        behind = sum(max(each.published - each.read, 0) for each in self.unread)
        return sum(each.difference.lost for each in self.compared) + behind + self.pending

    @property
    def doubled(self) -> int:
        """Keys too many somewhere, and events read that nobody published."""
        ahead = sum(max(each.read - each.published, 0) for each in self.unread)
        return sum(each.difference.doubled for each in self.compared) + ahead

    @property
    def whole(self) -> bool:
        """Whether nothing is lost, doubled or dead."""
        return not self.lost and not self.doubled and not self.dead

    @property
    def accepted(self) -> int:
        """Facts in ingestion's ledger."""
        return self._rows_of(ACCEPTED)

    @property
    def recorded(self) -> int:
        """Of these, facts that profiling recorded."""
        return self._rows_of(RECORDED)

    @property
    def decided(self) -> int:
        """Decisions that classification keeps."""
        return self._rows_of(DECIDED)

    @property
    def dead(self) -> int:
        """Open dead letters of all services."""
        return sum(self.dead_letters.values())

    def _rows_of(self, book: Book) -> int:
        sides = [(each.pair.left, each.left_rows) for each in self.compared]
        sides += [(each.pair.right, each.right_rows) for each in self.compared]
        return next(count for found, count in sides if found == book)

    def document(self) -> dict[str, object]:
        """The audit for machines."""
        return {
            "whole": self.whole,
            "accepted": self.accepted,
            "recorded": self.recorded,
            "decided": self.decided,
            "lost": self.lost,
            "doubled": self.doubled,
            "dead_letters": self.dead,
            "dead_letters_by_service": self.dead_letters,
            "compared": [_compared(each) for each in self.compared],
            "lanes_compared": self.lanes,
            "batches_pending": self.pending,
            "unread": [str(each) for each in self.unread[:_MOST_UNREAD]],
        }


def _compared(each: Compared) -> dict[str, object]:
    return {
        "books": str(each.pair),
        "zh": each.pair.zh,
        "en": each.pair.en,
        "left_rows": each.left_rows,
        "right_rows": each.right_rows,
        "lost": each.difference.lost,
        "doubled": each.difference.doubled,
        "examples": list(each.difference.examples),
    }


def unseen(_compared: Compared) -> None:
    """Nobody wants to know how far it is."""


async def audit(read: Read, wait_s: float, seen: Callable[[Compared], None] = unseen) -> Audit:
    """All pairs, lanes and dead letters, looked at once nothing is in flight or `wait_s` seconds have passed.

    Args:
        read: Asks a service, as an auditor or administrator of the whole city.
        wait_s: How long what is in flight may take.
        seen: Told of each pair as it is compared.
    """
    standing: Standing = await wait_until_level(read, wait_s)
    pairs = []
    for pair in PAIRS:
        pairs.append(await compare(read, pair))
        seen(pairs[-1])
    dead = {name: await _dead_letters(read, name) for name in READERS}
    return Audit(pairs, unread(standing), compared(standing), pending(standing), dead)


async def compare(read: Read, pair: Pair) -> Compared:
    """One pair: digests, then the keys of the buckets in doubt."""
    left, right = await _digests(read, pair.left), await _digests(read, pair.right)
    found = Difference()
    for bucket in suspect(left, right):
        one, other = await _keys(read, pair.left, bucket), await _keys(read, pair.right, bucket)
        found = found.plus(difference(one, other))
    return Compared(pair, rows(left), rows(right), found)


async def _digests(read: Read, book: Book) -> Digests:
    found = await read(book.service, f"/v1/books/{book.name}")
    return {row["bucket"]: Digest(row["rows"], row["keys_hash"], row["repeated"]) for row in found}


async def _keys(read: Read, book: Book, bucket: int) -> Keys:
    found = await read(book.service, f"/v1/books/{book.name}/{bucket}")
    return {row["key"]: row["count"] for row in found}


async def _dead_letters(read: Read, service: str) -> int:
    return int((await read(service, "/v1/flow"))["open_dead_letters"])
