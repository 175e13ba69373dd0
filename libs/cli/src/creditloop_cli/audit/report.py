"""The whole audit of a running stack, and how it is told."""

from collections.abc import Sequence
from typing import NamedTuple

from localstack.services import SERVICES

from creditloop_cli.audit.compare import (
    Compared,
    Difference,
    Digest,
    Digests,
    Keys,
    difference,
    rows,
    suspect,
)
from creditloop_cli.audit.lanes import Standing, Unread, compared, pending, unread
from creditloop_cli.audit.pairs import ACCEPTED, DECIDED, PAIRS, RECORDED, Book, Pair
from creditloop_cli.audit.standing import wait_until_level
from creditloop_cli.services import Services

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
        "left_rows": each.left_rows,
        "right_rows": each.right_rows,
        "lost": each.difference.lost,
        "doubled": each.difference.doubled,
        "examples": list(each.difference.examples),
    }


async def audit(services: Services, wait_s: float) -> Audit:
    """All pairs, lanes and dead letters, looked at once nothing is in flight or `wait_s` seconds have passed."""
    standing: Standing = await wait_until_level(services, wait_s)
    pairs = [await compare(services, pair) for pair in PAIRS]
    dead = {name: await _dead_letters(services, name) for name in SERVICES}
    return Audit(pairs, unread(standing), compared(standing), pending(standing), dead)


async def compare(services: Services, pair: Pair) -> Compared:
    """One pair: digests, then the keys of the buckets in doubt."""
    left, right = await _digests(services, pair.left), await _digests(services, pair.right)
    found = Difference()
    for bucket in suspect(left, right):
        one, other = await _keys(services, pair.left, bucket), await _keys(services, pair.right, bucket)
        found = found.plus(difference(one, other))
    return Compared(pair, rows(left), rows(right), found)


async def _digests(services: Services, book: Book) -> Digests:
    found = await services.get(book.service, f"/v1/books/{book.name}")
    return {row["bucket"]: Digest(row["rows"], row["keys_hash"], row["repeated"]) for row in found}


async def _keys(services: Services, book: Book, bucket: int) -> Keys:
    found = await services.get(book.service, f"/v1/books/{book.name}/{bucket}")
    return {row["key"]: row["count"] for row in found}


async def _dead_letters(services: Services, service: str) -> int:
    return sum([1 async for _ in services.pages(service, "/v1/dead-letters")])
