"""A lane: one writer's stream of transactions, and the arithmetic of its position.

The lane's row is duplicate filter, lock and fence in one: every transaction moves it with
`where next_batch = expected`, so that a stale writer loses and a replayed event is seen to be old.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from eventbus.envelope import Outgoing, Stamped, partition_of
from eventbus.errors import Gap


@dataclass(slots=True)
class Position:
    """Where a lane stands: all of it is stored, and moves only with a committed transaction.

    Attributes:
        next_offset: Next offset to read of the consumed partition; 0 for a lane that reads none.
        seen: Last sequence applied or passed over, by upstream lane.
        next_sequence: Next own sequence by output partition, from 1.
        next_batch: Number of the next transaction, from 1.
        buried_in_a_row: Dead letters since the last event that could be read.
    """

    next_offset: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    next_sequence: list[int] = field(default_factory=list)
    next_batch: int = 1
    buried_in_a_row: int = 0

    def copy(self) -> "Position":
        """An independent copy, to be advanced and thrown away if the transaction fails."""
        return replace(self, seen=dict(self.seen), next_sequence=list(self.next_sequence))


def accept(position: Position, offset: int, source: str, sequence: int, lane: str = "") -> bool:
    """Move past one record; true when it is new, false when it is one the lane has seen.

    Raises:
        Gap: An earlier event of the same upstream lane never came.
    """
    position.next_offset = offset + 1
    seen = position.seen
    expected = seen.get(source, 0) + 1
    if sequence == expected:
        seen[source] = sequence
        return True
    if sequence < expected:
        return False
    raise Gap(lane, source, expected, sequence)


def pass_over(position: Position, next_offset: int, source: str, sequences: range) -> None:
    """Move past a whole record set unread; of one that was published again only the end may be new.

    Raises:
        Gap: An earlier event of the same upstream lane never came.
    """
    position.next_offset = next_offset
    last = position.seen.get(source, 0)
    if sequences.start > last + 1:
        raise Gap("", source, last + 1, sequences.start)
    position.seen[source] = max(last, sequences.stop - 1)


def stamp(
    position: Position, outgoing: Iterable[Outgoing], timestamp_ms: int, traceparents: dict[str, str]
) -> list[Stamped]:
    """Give each event its partition and its gapless sequence there; `traceparents` is by key."""
    next_sequence = position.next_sequence
    partitions = len(next_sequence)
    default = traceparents.get("", "")
    stamped = []
    for type_, key, value, about in outgoing:
        partition = partition_of(key, partitions)
        sequence = next_sequence[partition]
        next_sequence[partition] = sequence + 1
        stamped.append(
            Stamped(
                partition, sequence, type_, key, value, timestamp_ms, traceparents.get(key, default), about
            )
        )
    return stamped


def widened(next_sequence: Sequence[int], partitions: int) -> list[int]:
    """The sequences of a lane after its topic grew to `partitions`; a topic never shrinks.

    Raises:
        ValueError: The topic has fewer partitions than the lane has written to.
    """
    if len(next_sequence) > partitions:
        raise ValueError(f"the lane wrote to {len(next_sequence)} partitions, the topic has {partitions}")
    return [*next_sequence, *([1] * (partitions - len(next_sequence)))]
