"""Recording and settling facts: once each, whatever comes twice. Runs in memory and on real PostgreSQL."""

import asyncio

import msgspec
import pytest
from eventbus import SqlBooks, Transaction
from ingestion_builders import LATEST_MS, NOW_US, OTHER_USCC, PILOT, REGISTRY, bench, fact
from ingestion_service.errors import NotOpen, UnknownQuarantined
from ingestion_service.model.quarantined import Correction, Filter
from ingestion_service.model.verdict import Outcome
from ingestion_service.rules.judging import Bench
from ingestion_service.store.unit_of_work import SqlUnitOfWork
from ingestion_service.tables import BOOKS
from ingestion_service.use_cases.record import record_facts
from ingestion_service.use_cases.settle import ReleaseOrder, discard, release
from ingestion_store import Store, record, somebody_waits

ACCEPTED, DUPLICATE, QUARANTINED = Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.QUARANTINED


async def release_one(
    store: Store,
    number: int,
    correction: Correction | None = None,
    *,
    at: Bench | None = None,
) -> Outcome:
    async with store.open() as tx:
        order = ReleaseOrder(number, correction or Correction(), "an officer", NOW_US + 1)
        return (await release(order, at or bench(), tx)).verdict


async def first_open(store: Store) -> int:
    rows = await store.quarantine.page(Filter(), 0, 10)
    return rows[0].id


async def test_a_fact_that_arrives_twice_counts_once(store: Store) -> None:
    """Sources resend whole days after an outage; a penalty must not double."""
    first = await record(store, [fact("P-1")])

    second = await record(store, [fact("P-1"), fact("P-2")], NOW_US + 1)

    assert (first, second) == ([ACCEPTED], [DUPLICATE, ACCEPTED])
    assert store.published() == ["P-1", "P-2"]


async def test_a_batch_that_holds_a_fact_twice_counts_it_once(store: Store) -> None:
    """The first stands, whatever the second says."""
    told = await record(store, [fact("P-1"), fact("P-1", subject=OTHER_USCC), fact("P-1", subject="bad")])

    assert told == [ACCEPTED, DUPLICATE, DUPLICATE]
    assert store.published() == ["P-1"]


async def test_the_same_id_of_another_source_is_another_fact(store: Store) -> None:
    """Ids are unique within a source only."""
    told = await record(store, [fact("1"), fact("1", source=REGISTRY)])

    assert told == [ACCEPTED, ACCEPTED]


async def test_a_quarantined_fact_that_arrives_twice_counts_once(store: Store) -> None:
    """A resend must not fill the work list."""
    told = await record(store, [fact("P-1", subject="bad"), fact("P-1", subject="bad")])

    again = await record(store, [fact("P-1", subject="bad"), fact("P-1")], NOW_US + 1)

    assert (told, again) == ([QUARANTINED, DUPLICATE], [DUPLICATE, DUPLICATE])
    assert store.published() == []


async def test_verdicts_stay_in_order(store: Store) -> None:
    """Senders match them by place."""
    await record(store, [fact("P-2"), fact("P-4", subject="bad")])
    batch = [fact(f"P-{n}", subject="bad" if n == 5 else None or OTHER_USCC) for n in (9, 2, 5, 4, 1, 9)]

    told = await record(store, batch, NOW_US + 1)

    assert told == [ACCEPTED, DUPLICATE, QUARANTINED, DUPLICATE, ACCEPTED, DUPLICATE]


async def test_a_batch_tried_again_at_its_own_instant_is_told_accepted(store: Store) -> None:
    """A connection that broke at commit must not turn the sender's new facts into duplicates, nor publish twice."""
    batch = [fact("P-1"), fact("P-2", subject="bad"), fact("P-1")]
    await record(store, batch)

    told = await record(store, batch)

    assert told == [ACCEPTED, QUARANTINED, DUPLICATE]
    assert store.published() == ["P-1"]


async def test_an_empty_batch_is_nothing(store: Store) -> None:
    """Streams may hold only rejected facts."""
    assert await record(store, []) == []


async def test_the_ledger_shows_what_was_recorded(store: Store) -> None:
    """Senders and staff ask for it by source and id."""
    await record(store, [fact("P-1")])

    found = await store.ledger.fact("penalties", "P-1")

    assert found is not None
    assert found.contents is not None
    assert found.contents["penalty_imposed"]["fine_fen"] == "4900000"
    assert await store.ledger.fact("penalties", "P-9") is None


async def test_a_released_pilot_code_flows_on_once(store: Store) -> None:
    """Codes of early pilots are legal though their check character fails (domain: GB 32100 pilots)."""
    await record(store, [fact("P-1", subject=PILOT)])
    lenient = Bench(bench().senders, LATEST_MS, frozenset({0, 1}))
    number = await first_open(store)

    told = await release_one(store, number, at=lenient)

    assert (told, store.published()) == (ACCEPTED, ["P-1"])
    with pytest.raises(NotOpen):
        await release_one(store, number, at=lenient)
    assert await record(store, [fact("P-1")], NOW_US + 9) == [DUPLICATE]
    assert store.published() == ["P-1"]


async def test_a_corrected_fact_is_accepted_as_corrected(store: Store) -> None:
    """Subject, time and data can each be put right."""
    await record(store, [fact("P-1", subject="510104000012345", time=None)])
    data = msgspec.Raw(b'{"kinds": ["warning"], "fine_fen": 1}')
    correction = Correction(OTHER_USCC.lower(), "2026-03-01T00:00:00Z", data)

    told = await release_one(store, await first_open(store), correction)

    found = await store.ledger.fact("penalties", "P-1")
    assert told == ACCEPTED
    assert found is not None
    assert found.contents is not None
    assert (found.uscc, found.contents["penalty_imposed"]["fine_fen"]) == (OTHER_USCC, "1")


async def test_a_fact_still_unusable_stays_where_it_is(store: Store) -> None:
    """A slip in the correction must not lose the fact."""
    await record(store, [fact("P-1", subject="bad")])
    number = await first_open(store)

    assert await release_one(store, number, Correction(subject="worse")) == QUARANTINED
    assert await release_one(store, number, Correction(data=msgspec.Raw(b"[]"))) == Outcome.REJECTED

    assert await first_open(store) == number
    assert store.published() == []


async def test_a_discarded_fact_never_flows_on(store: Store) -> None:
    """Sent again it is still a duplicate: the decision stands."""
    await record(store, [fact("P-1", subject="bad")])
    number = await first_open(store)

    async with store.open() as tx:
        await discard(number, "a test record", "an officer", tx)

    assert await record(store, [fact("P-1")], NOW_US + 1) == [DUPLICATE]
    with pytest.raises(NotOpen):
        await release_one(store, number)
    with pytest.raises(UnknownQuarantined):
        await release_one(store, number + 99)


async def test_the_work_list_can_be_narrowed(store: Store) -> None:
    """One person works on one source or one reason."""
    await record(
        store, [fact("1", subject="bad"), fact("2", time=None), fact("1", source=REGISTRY, subject="bad")]
    )

    async def ids(source: str | None, reason: str | None) -> list[str]:
        rows = await store.quarantine.page(Filter(source=source, reason=reason), 0, 9)
        return [row.fact_id for row in rows]

    assert await ids("penalties", None) == ["1", "2"]
    assert await ids(None, "time_missing") == ["2"]
    assert await ids("registry", "uscc_wrong_length") == ["1"]


async def test_two_writers_at_the_same_facts_in_another_order_both_end(store: Store) -> None:
    """The same file comes by HTTP and Kafka at once; whom the database picks to give way loses nothing."""
    if store.engine is None:
        pytest.skip("memory has no locks")
    both = [fact("P-1"), fact("P-2")]

    async with store.engine.connect() as other:
        unit_of_work = SqlUnitOfWork(Transaction(other))
        await record_facts(both[1:], NOW_US, unit_of_work)
        recording = asyncio.create_task(record(store, both, NOW_US + 1))
        await somebody_waits(store.engine)
        assert await record_facts(both[:1], NOW_US, unit_of_work) == [ACCEPTED]
        await other.commit()

    assert await recording == [DUPLICATE, DUPLICATE]


async def test_the_books_balance(store: Store) -> None:
    """The audit compares them: every receipt has one verdict."""
    if store.engine is None:
        pytest.skip("books are SQL")
    await record(
        store, [fact("P-1"), fact("P-2", subject="bad"), fact("P-3", type="creditloop.suspension.ended.v1")]
    )
    await release_one(store, await first_open(store), Correction(subject=OTHER_USCC))
    await record(store, [fact("P-4", subject="bad")], NOW_US + 5)
    books = SqlBooks(store.engine, BOOKS)

    rows = {name: sum(digest.rows for digest in await books.digests(name)) for name in books.names()}

    assert rows == {
        "received": 4,
        "verdicts": 4,
        "accepted": 3,
        "dishonesty": 2,
        "inspections": 0,
        "endings": 0,
    }
    assert await books.digests("received") == await books.digests("verdicts")
