"""The arithmetic of a lane's position."""

import pytest
from eventbus.envelope import Outgoing, partition_of
from eventbus.errors import Gap
from eventbus.lane import Position, accept, stamp, widened
from hypothesis import given
from hypothesis import strategies as st


def test_an_event_seen_before_is_dropped() -> None:
    """A relay that crashed after publishing publishes again."""
    position = Position()
    accept(position, 0, "creditloop/ingestion/http-0", 1)

    new = accept(position, 1, "creditloop/ingestion/http-0", 1)

    assert not new
    assert position.next_offset == 2


def test_a_gap_stops_the_lane() -> None:
    """An event that never came must not be skipped silently."""
    position = Position(seen={"creditloop/ingestion/http-0": 3})

    with pytest.raises(Gap) as caught:
        accept(position, 9, "creditloop/ingestion/http-0", 5)

    assert (caught.value.expected, caught.value.found) == (4, 5)


def test_upstream_lanes_are_counted_apart() -> None:
    """Two writers of one partition each have their own gapless sequence."""
    position = Position()

    accepted = [accept(position, offset, source, 1) for offset, source in enumerate(["a", "b"])]

    assert accepted == [True, True]


@given(st.lists(st.text(min_size=1, max_size=18), max_size=60), st.integers(1, 7))
def test_sequences_are_gapless_in_every_partition(keys: list[str], partitions: int) -> None:
    """Consumers take a gap for a loss."""
    position = Position(next_sequence=[1] * partitions)

    stamped = stamp(position, [Outgoing("t", key, b"") for key in keys], 0, {})

    for partition in range(partitions):
        sequences = [event.sequence for event in stamped if event.partition == partition]
        assert sequences == list(range(1, len(sequences) + 1))
        assert position.next_sequence[partition] == len(sequences) + 1
    assert all(event.partition == partition_of(event.key, partitions) for event in stamped)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 20)), max_size=80))
def test_whatever_is_repeated_each_sequence_is_accepted_once(plan: list[tuple[str, int]]) -> None:
    """Publishers repeat prefixes, never skip: every prefix repeated in any interleaving is applied once, in order."""
    position = Position()
    highest: dict[str, int] = {}
    applied: list[tuple[str, int]] = []

    for offset, (source, wanted) in enumerate(plan):
        sequence = min(wanted, highest.get(source, 0) + 1)
        highest[source] = max(highest.get(source, 0), sequence)
        if accept(position, offset, source, sequence):
            applied.append((source, sequence))

    for source, last in highest.items():
        assert [number for name, number in applied if name == source] == list(range(1, last + 1))


def test_a_topic_may_grow_but_not_shrink() -> None:
    """Adding partitions is how the system grows; removing them would lose sequences."""
    assert widened([5, 7], 3) == [5, 7, 1]
    with pytest.raises(ValueError, match="2 partitions"):
        widened([5, 7], 1)
