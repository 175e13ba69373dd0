"""Record sets are cut where that lets somebody pass one over."""

from collections.abc import Iterable

from eventbus.envelope import Stamped
from eventbus.record_set import WORTH_CUTTING, Sent, cut

MANY = WORTH_CUTTING


def sent(type_: str, sequences: Iterable[int], about: str = "", source: bytes = b"lane") -> list[Sent]:
    return [(source, Stamped(0, number, type_, "k", b"", 0, "", about)) for number in sequences]


def test_many_events_of_a_kind_are_a_set_with_a_label() -> None:
    """Type, lane and what it is about make the kind."""
    events = sent("A", range(1, MANY + 1)) + sent("A", range(MANY + 1, 3 * MANY + 1), "records")

    sets = list(cut(events))

    assert [label for _, label in sets] == [b"%d " % MANY, b"%d records" % (2 * MANY)]
    assert [event for some, _ in sets for event in some] == events


def test_few_events_of_a_kind_stay_with_their_neighbours() -> None:
    """At low load a round trip for each kind would cost more than anybody saves."""
    events = [*sent("A", [1]), *sent("B", [2]), *sent("A", range(3, MANY + 3)), *sent("C", [MANY + 3])]

    sets = [(len(some), label) for some, label in cut(events)]

    assert sets == [(2, b""), (MANY, b"%d " % MANY), (1, b"")]


def test_events_with_a_gap_between_them_get_no_label() -> None:
    """Who passes a set over reckons its last sequence from the first."""
    assert [label for _, label in cut(sent("A", range(1, 4 * MANY, 2)))] == [b""]


def test_two_lanes_are_never_one_set() -> None:
    """Each has sequences of its own."""
    events = sent("A", range(1, MANY + 1)) + sent("A", range(MANY + 1, 2 * MANY + 1), source=b"other")

    assert len(list(cut(events))) == 2


def test_more_than_one_set_has_room_for_is_several_each_with_its_own_label() -> None:
    """A reader that is far behind gets the largest answers, and needs to pass them over most."""
    events = [
        (source, event._replace(value=b"x" * 2_000)) for source, event in sent("A", range(1, 4 * MANY + 1))
    ]

    sets = list(cut(events))

    assert len(sets) > 1
    assert all(label == b"%d " % len(some) for some, label in sets)
    assert [event for some, _ in sets for event in some] == events
