"""What one batch does, before any of it touches the database."""

from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.structs import ConsumerRecord
from eventbus import Gap, Handler, Poison, Received, StageOptions, TooManyDeadLetters
from eventbus.lane import Position
from eventbus.micro_batch import Work, wanted_by
from eventbus.record_set import PassedOver

PLACE = TopicPartition("inbound", 0)


def record(offset: int, value: bytes = b"rubbish") -> ConsumerRecord[Any, Any]:
    return ConsumerRecord("inbound", 0, offset, 0, 0, b"k", value, None, 1, len(value), [("h", b"x")])


def decode(received: Received) -> bytes:
    if received.value == b"rubbish":
        raise Poison("rubbish")
    return received.value


def work(at: Position, foreign: Sequence[str] = ("inbound",)) -> Work:
    handlers = {"foreign": Handler(decode, None)}  # type: ignore[arg-type] - nothing is applied here
    options = StageOptions(foreign=foreign, dead_letters_in_a_row=2)
    return Work({PLACE: at}, handlers, options)


@pytest.mark.parametrize("foreign", [["inbound"], []])
def test_what_was_fetched_before_the_last_seek_is_passed_over(foreign: list[str]) -> None:
    """After a kill the group's offset is behind the lane; without a sequence only the offset tells."""
    reading = work(Position(next_offset=10), foreign)

    reading.read([(PLACE, [record(8), record(9)])])

    assert reading.buried == []
    assert reading.runs == []
    assert reading.positions[PLACE].next_offset == 10


def test_an_event_that_can_be_read_ends_the_run() -> None:
    """Only a run tells that the code is broken."""
    reading = work(Position())

    reading.read([(PLACE, [record(0), record(1), record(2, b"good"), record(3), record(4)])])

    assert len(reading.buried) == 4
    assert reading.positions[PLACE].buried_in_a_row == 2


def test_a_run_longer_than_the_limit_is_refused_and_moves_nothing() -> None:
    """The stored position stays in front of it, for the code that can read it."""
    at = Position()

    with pytest.raises(TooManyDeadLetters):
        work(at).read([(PLACE, [record(0), record(1), record(2)])])

    assert at == Position()


def test_a_run_goes_on_where_the_batch_before_left_it() -> None:
    """A trickle of rubbish is a run as well."""
    with pytest.raises(TooManyDeadLetters):
        work(Position(next_offset=5, buried_in_a_row=2)).read([(PLACE, [record(5)])])


def passed_over(offset: int, first: int, count: int) -> PassedOver:
    return PassedOver(offset, ("T", "upstream", first, b""), count)


def test_a_set_passed_over_moves_the_lane_as_its_records_would() -> None:
    """What comes after it must be seen to be new, and what is published again to be old."""
    reading = work(Position(next_offset=5, seen={"upstream": 4}), [])

    reading.read([(PLACE, [passed_over(5, 5, 40)])])

    assert reading.positions[PLACE] == Position(next_offset=45, seen={"upstream": 44})


def test_a_set_published_again_with_more_behind_it_is_seen_to_its_end() -> None:
    """A relay that begins again cuts anew: its set may begin among old events and end among new ones."""
    reading = work(Position(next_offset=5, seen={"upstream": 30}), [])

    reading.read([(PLACE, [passed_over(5, 1, 20), passed_over(25, 21, 40)])])

    assert reading.positions[PLACE].seen == {"upstream": 60}


def test_a_set_after_a_gap_stops_the_lane() -> None:
    """Events lost upstream are lost to who passes them over as well: the books would not agree."""
    with pytest.raises(Gap):
        work(Position(seen={"upstream": 4}), []).read([(PLACE, [passed_over(0, 6, 40)])])


def test_a_set_that_was_fetched_before_the_last_seek_moves_the_lane_by_its_new_part_only() -> None:
    """Another member of the group may have stopped in the middle of what is one set to this one."""
    at = Position(next_offset=20, seen={"upstream": 20})
    before, across = work(at, []), work(at, [])

    before.read([(PLACE, [passed_over(0, 1, 20)])])
    across.read([(PLACE, [passed_over(0, 1, 40)])])

    assert before.positions[PLACE] == at
    assert across.positions[PLACE] == Position(next_offset=40, seen={"upstream": 40})


def test_only_what_is_about_something_else_may_be_passed_over() -> None:
    """A producer that says nothing, be it of an older version, must be heard by everybody."""
    all_, some = Handler(decode, None), Handler(decode, None, about={"mine"})  # type: ignore[arg-type]
    wanted = wanted_by({"All": all_, "Some": some})

    assert [wanted("All", word) for word in ("", "mine", "other")] == [True, True, True]
    assert [wanted("Some", word) for word in ("", "mine", "other")] == [True, True, False]
    assert [wanted("None", word) for word in ("", "mine", "other")] == [False, False, False]
