"""What every queue promises: the one in memory and the one on disk are asked the same."""

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import fact, facts, ids
from creditloop_client import Limits, Memory, Outcome, Queue, Spool, Verdict
from creditloop_client.batching import Batch
from creditloop_client.facts import Line, write

MANY = Limits(100, 1_000_000)
Make = Callable[..., Queue]


def lines(count: int) -> list[Line]:
    return [write(each, "tax") for each in facts(count)]


def accepted(batch: Batch) -> list[Verdict]:
    return [Verdict(id_, Outcome.ACCEPTED) for id_ in batch.ids]


@pytest.fixture(params=["memory", "spool", "spool of short segments"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    if request.param == "memory":
        return Memory
    segment_bytes = 1 if "short" in request.param else 1 << 20
    return lambda **bounds: Spool(tmp_path, segment_bytes=segment_bytes, **bounds)


def filled(queue: Queue, count: int) -> Queue:
    for line in lines(count):
        queue.append(line)
    return queue


def test_facts_come_out_in_the_order_they_went_in(make: Make) -> None:
    """A registration is sent before what happened to the entity."""
    queue = filled(make(), 5)

    assert queue.first(MANY).lines == lines(5)
    assert queue.ids() == ids(5)


def test_a_batch_waits_until_it_is_settled(make: Make) -> None:
    """What is not answered is sent again."""
    queue = filled(make(), 5)

    before = queue.first(Limits(2, 1_000_000))
    assert queue.first(Limits(2, 1_000_000)) == before
    queue.settle(before, accepted(before))

    assert queue.facts == 3
    assert queue.first(MANY).ids == ids(5)[2:]


def test_a_batch_is_bounded_by_bytes(make: Make) -> None:
    """As a request is."""
    queue = filled(make(), 5)

    assert queue.first(Limits(100, 1)).ids == ids(1)


def test_facts_put_while_a_batch_is_under_way_come_after_it(make: Make) -> None:
    """Sending and putting go on at once."""
    queue = filled(make(), 2)
    batch = queue.first(MANY)

    queue.append(write(fact(2), "tax"))
    queue.settle(batch, accepted(batch))

    assert queue.ids() == ["f-2"]


def test_an_emptied_queue_can_be_filled_again(make: Make) -> None:
    """Sources have quiet hours."""
    queue = filled(make(), 2)
    batch = queue.first(MANY)
    queue.settle(batch, accepted(batch))

    assert (queue.facts, queue.ids(), queue.first(MANY).lines) == (0, [], [])
    assert filled(queue, 1).ids() == ids(1)


def test_room_is_bounded_by_bytes_but_one_fact_always_fits(make: Make) -> None:
    """A single long fact must not wait for ever."""
    (line,) = lines(1)
    queue = make(most_bytes=1)

    assert queue.has_room(line)
    queue.append(line)
    assert not queue.has_room(line)


def test_room_in_memory_is_bounded_by_count_too() -> None:
    """Short facts weigh more in memory than their bytes."""
    queue = filled(Memory(most_facts=2), 2)

    assert not queue.has_room(lines(1)[0])
