"""Record sets of one kind, which a reader that wants none of it passes over without decoding.

Kafka has no filter at the broker: a service that reads one event in twenty of a topic decodes the other nineteen. So
the relay cuts its record sets where the kind of event changes, and says on the first record what all of the set is. Who
does not read that kind decodes one record of it; everybody else notices nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from eventbus.envelope import Headers, Place, Stamped, place_of
from eventbus.errors import Poison

HEADER = "set"
WORTH_CUTTING = 128
"""Fewer events than this share a record set with their neighbours: a set of its own costs a round trip."""

_ROOM_BYTES = 800_000
_HEADERS_BYTES = 350
"""A set must fit into what the producer sends at once, or its label tells more than it has."""

Sent = tuple[bytes, Stamped]
"""An event with its `ce_source`."""

Wanted = Callable[[str, str], bool]
"""Whether events of this type that are about this are read at all."""


class PassedOver(NamedTuple):
    """A record set nobody here reads: the offset and place of its first record, and how many records it has."""

    offset: int
    place: Place
    size: int

    @property
    def next_offset(self) -> int:
        """The offset behind it."""
        return self.offset + self.size

    @property
    def sequences(self) -> range:
        """The sequence numbers of its events."""
        first = self.place[2]
        return range(first, first + self.size)


def cut(events: Sequence[Sent]) -> Iterator[tuple[Sequence[Sent], bytes]]:
    """The events of one partition, in order, as record sets, each with its label; empty for one of mixed kinds."""
    mixed: list[Sent] = []
    for kind, group in groupby(events, key=_kind):
        for alike in _fitting(list(group)):
            if len(alike) < WORTH_CUTTING or not _gapless(alike):
                mixed += alike
                continue
            if mixed:
                yield mixed, b""
                mixed = []
            yield alike, b"%d %s" % (len(alike), kind[2].encode())
    if mixed:
        yield mixed, b""


def passed_over(offset: int, headers: Headers, size: int, wanted: Wanted) -> PassedOver | None:
    """The set of so many records whose first has these headers, if they say that all of it is of a kind not wanted.

    A set that came apart on its way, or a label that cannot be read, is read record by record.
    """
    if not headers or headers[-1][0] != HEADER:
        return None
    try:
        count, _, about = headers[-1][1].partition(b" ")
        place = place_of(headers)
        if int(count) != size or wanted(place[0], about.decode()):
            return None
    except (Poison, ValueError, AttributeError):
        return None
    return PassedOver(offset, place, size)


def _fitting(alike: list[Sent]) -> Iterator[list[Sent]]:
    """The same, in parts of which each has room in one record set."""
    start = taken = 0
    for place, (_, event) in enumerate(alike):
        size = len(event.value) + _HEADERS_BYTES
        if taken + size > _ROOM_BYTES and place > start:
            yield alike[start:place]
            start, taken = place, 0
        taken += size
    yield alike[start:]


def _gapless(events: Sequence[Sent]) -> bool:
    """Whether the sequence of the last follows from that of the first: readers of a whole set rely on it."""
    return events[-1][1].sequence - events[0][1].sequence == len(events) - 1


def _kind(sent: Sent) -> tuple[bytes, str, str]:
    source, event = sent
    return source, event.type, event.about
