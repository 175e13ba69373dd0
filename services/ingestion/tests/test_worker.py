"""Group commit: many requests, one transaction; bounded room; outages and lost answers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from ingestion_builders import fact
from ingestion_fakes import MemoryDatabase
from ingestion_service.errors import WriterBusy, WriterUnavailable
from ingestion_service.model.verdict import Outcome
from ingestion_service.worker import GroupCommit, WriterOptions

ACCEPTED, DUPLICATE = Outcome.ACCEPTED, Outcome.DUPLICATE


def writer_on(database: MemoryDatabase, **options: float) -> GroupCommit:
    chosen = WriterOptions(**{"linger_s": 0.0, "patience_s": 5.0, **options})  # type: ignore[arg-type]
    return GroupCommit(database.open, lambda error: isinstance(error, OSError), chosen)


@asynccontextmanager
async def at_work(writer: GroupCommit) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(writer.run(stop))
    yield
    stop.set()
    await task


def failing(times: int, error: Exception) -> Callable[[], None]:
    left = [error] * times

    def fail() -> None:
        if left:
            raise left.pop()

    return fail


async def test_requests_that_wait_share_one_transaction() -> None:
    """The cost of a commit is shared, so that it falls as load rises."""
    database = MemoryDatabase()
    writer = writer_on(database)
    asked = [asyncio.create_task(writer.submit([fact(f"P-{n}")], 5)) for n in range(50)]
    await asyncio.sleep(0)

    async with at_work(writer):
        told = await asyncio.gather(*asked)

    assert told == [[ACCEPTED]] * 50
    assert database.transactions == 1


async def test_two_requests_with_the_same_facts_at_once_count_once() -> None:
    """Impatient senders repeat a request that is still at work."""
    database = MemoryDatabase()
    writer = writer_on(database)
    facts = [fact(f"P-{n}") for n in range(20)]

    async with at_work(writer):
        told = await asyncio.gather(*(writer.submit(facts, 5) for _ in range(4)))

    assert [outcome for request in told for outcome in request].count(ACCEPTED) == 20
    assert told[0] == [ACCEPTED] * 20
    assert len(database.contents.published) == 20


async def test_a_batch_is_no_larger_than_asked_unless_one_request_is() -> None:
    """A request's facts commit together with others', never apart from each other."""
    database = MemoryDatabase()
    writer = writer_on(database, batch=10)
    asked = [asyncio.create_task(writer.submit([fact(f"{k}-{n}") for n in range(6)], 5)) for k in range(3)]
    asked.append(asyncio.create_task(writer.submit([fact(f"big-{n}") for n in range(25)], 5)))
    await asyncio.sleep(0)

    async with at_work(writer):
        await asyncio.gather(*asked)

    assert database.transactions == 4
    assert len(database.contents.facts) == 43


async def test_a_commit_that_failed_is_tried_again() -> None:
    """A restart of the database must not lose what senders wait for."""
    database = MemoryDatabase()
    database.before_commit = failing(1, OSError("connection refused"))
    writer = writer_on(database)

    async with at_work(writer):
        told = await writer.submit([fact("P-1")], 5)

    assert told == [ACCEPTED]


async def test_a_commit_whose_answer_was_lost_still_says_accepted() -> None:
    """Told `duplicate`, the sender would believe someone else had sent its fact before."""
    database = MemoryDatabase()
    database.after_commit = failing(1, OSError("connection reset"))
    writer = writer_on(database)

    async with at_work(writer):
        told = await writer.submit([fact("P-1"), fact("P-2", subject="bad"), fact("P-1")], 5)
        again = await writer.submit([fact("P-1")], 5)

    assert (told, again) == ([ACCEPTED, Outcome.QUARANTINED, DUPLICATE], [DUPLICATE])
    assert len(database.contents.published) == 1


async def test_an_outage_that_lasts_is_told_and_the_writer_lives_on() -> None:
    """The sender keeps its facts and comes back."""
    database = MemoryDatabase()
    database.before_commit = failing(2, OSError("down"))
    writer = writer_on(database, patience_s=0.01)

    async with at_work(writer):
        with pytest.raises(WriterUnavailable):
            await writer.submit([fact("P-1")], 5)
        database.before_commit = lambda: None
        told = await writer.submit([fact("P-1")], 5)

    assert told == [ACCEPTED]
    assert writer.depth == 0


async def test_a_full_queue_sends_the_next_away() -> None:
    """Memory is bounded; waiting for ever helps nobody."""
    writer = writer_on(MemoryDatabase(), queue=5)
    waiting = asyncio.create_task(writer.submit([fact(f"P-{n}") for n in range(5)], 5))
    await asyncio.sleep(0)

    with pytest.raises(WriterBusy):
        await writer.submit([fact("P-9")], 0.01)

    async with at_work(writer):
        assert await waiting == [ACCEPTED] * 5


async def test_a_queue_full_of_large_facts_sends_the_next_away() -> None:
    """Five thousand facts of a hundred kilobytes would fill the memory long before the queue is full."""
    large = [fact(f"P-{n}", extension="x" * 1000) for n in range(4)]
    writer = writer_on(MemoryDatabase(), queue_bytes=4000)
    waiting = asyncio.create_task(writer.submit(large, 5))
    await asyncio.sleep(0)

    with pytest.raises(WriterBusy):
        await writer.submit([fact("P-9")], 0.01)

    async with at_work(writer):
        assert await waiting == [ACCEPTED] * 4
        assert await writer.submit([fact("P-9")], 5) == [ACCEPTED]


async def test_what_became_of_a_batch_is_counted_once_however_often_it_was_tried() -> None:
    """Figures that count attempts would show facts that never were."""
    database, counted = MemoryDatabase(), list[Sequence[Outcome]]()
    database.before_commit = failing(2, OSError("connection refused"))
    writer = GroupCommit(
        database.open,
        lambda error: isinstance(error, OSError),
        on_recorded=lambda told, _took_s: counted.append(told),
    )

    async with at_work(writer):
        await writer.submit([fact("P-1"), fact("P-1")], 5)

    assert counted == [[ACCEPTED, DUPLICATE]]


async def test_a_fault_of_ours_crashes_rather_than_hides() -> None:
    """The supervisor starts the process again; nothing was told to be durable."""
    database = MemoryDatabase()
    database.before_commit = failing(1, ValueError("a bug"))
    writer = writer_on(database)
    waiting = asyncio.create_task(writer.submit([fact("P-1")], 5))
    await asyncio.sleep(0)

    with pytest.raises(ValueError, match="a bug"):
        await writer.run(asyncio.Event())

    waiting.cancel()


async def test_a_request_that_went_away_holds_nobody_up() -> None:
    """Its facts are recorded all the same."""
    database = MemoryDatabase()
    writer = writer_on(database)
    gone = asyncio.create_task(writer.submit([fact("P-1")], 5))
    await asyncio.sleep(0)
    gone.cancel()

    async with at_work(writer):
        told = await writer.submit([fact("P-2")], 5)

    assert told == [ACCEPTED]
    assert len(database.contents.facts) == 2
