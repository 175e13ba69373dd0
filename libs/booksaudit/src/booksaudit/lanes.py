"""Was everything a service published also read by everyone who listens to it? Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from booksaudit.pairs import READERS


class Lane(NamedTuple):
    """Where a lane stands, as `GET /v1/lanes` tells.

    Attributes:
        seen: Last sequence seen, by source `creditloop/<service>/<lane>` of the producer.
        next_sequence: Next own sequence, by output partition.
        pending: Committed batches that Kafka has not acknowledged.
        next_offset: Next offset to read of the partition it consumes.
    """

    name: str
    seen: Mapping[str, int]
    next_sequence: Sequence[int]
    pending: int
    next_offset: int = 0


Standing = Mapping[str, Sequence[Lane]]
"""The lanes of every service."""


class Unread(NamedTuple):
    """A consumer that stands elsewhere than its producer: `read` of `published` events of one lane and partition."""

    producer: str
    lane: str
    partition: int
    consumer: str
    published: int
    read: int

    def __str__(self) -> str:
        return (
            f"{self.consumer} read {self.read} of {self.published} events of "
            f"{self.producer}/{self.lane}, partition {self.partition}"
        )


def unread(standing: Standing) -> list[Unread]:
    """Every place where a consumer is behind its producer, or ahead of it."""
    return [each for each in _places(standing) if each.published != each.read]


def compared(standing: Standing) -> int:
    """How many places were compared."""
    return sum(1 for _ in _places(standing))


def pending(standing: Standing) -> int:
    """Committed batches that Kafka has not acknowledged, of all services."""
    return sum(lane.pending for lanes in standing.values() for lane in lanes)


def is_level(standing: Standing) -> bool:
    """Whether everything published was read and nothing waits to be published."""
    return not pending(standing) and not unread(standing)


def published(standing: Standing) -> int:
    """Events published by all services."""
    return sum(number - 1 for lanes in standing.values() for lane in lanes for number in lane.next_sequence)


def behind(standing: Standing) -> int:
    """Events published and not yet read, summed over consumers."""
    return sum(each.published - each.read for each in unread(standing))


def _places(standing: Standing) -> Iterator[Unread]:
    for producer, consumers in READERS.items():
        for lane in standing.get(producer, ()):
            for partition, number in enumerate(lane.next_sequence):
                source = f"creditloop/{producer}/{lane.name}"
                for consumer in consumers:
                    read = _seen(standing.get(consumer, ()), f"{producer}-{partition}", source)
                    yield Unread(producer, lane.name, partition, consumer, number - 1, read)


def _seen(lanes: Sequence[Lane], name: str, source: str) -> int:
    """What a consumer's lane of this partition has seen of a producer's lane."""
    return next((lane.seen.get(source, 0) for lane in lanes if lane.name == name), 0)
