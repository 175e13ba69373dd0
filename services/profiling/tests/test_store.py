"""The store on real PostgreSQL keeps what the unit of work in memory keeps: one suite for both."""

import contextlib
import math
from typing import Any

import pytest
from eventbus import Transient
from profiling_service import consumer, wire
from profiling_service.errors import SignalNotOpen, StaleCopy, UnknownSignal
from profiling_service.model.entities import BLANK
from profiling_service.model.facts import WIDTH
from profiling_service.ports import EntityStep
from profiling_service.ports.signals import SignalFilter
from profiling_service.rules.profiles import RuleBook
from profiling_service.store.books import books
from profiling_service.store.cache import EntityCache
from profiling_service.store.daily import daily_transactions
from profiling_service.store.reads import ProfileTrail, SqlReads
from profiling_service.store.signal_reads import SqlSignalReads
from profiling_service.store.unit_of_work import Profiles
from profiling_service.tables import METADATA
from profiling_service.use_cases.daily_run import DailyRun
from profiling_service.use_cases.record import record_facts
from profiling_service.use_cases.signals import clear_signal
from sqlalchemy import text


async def alone(work: Any) -> None:
    await work()


@pytest.fixture(params=["memory", "postgresql"])
def world(request: pytest.FixtureRequest, memory_world: Any, sql_world: Any) -> Any:
    """Both kinds of world."""
    return memory_world if request.param == "memory" else sql_world


async def record(world: Any, book: RuleBook, *news: Any) -> None:
    async with world.transaction() as tx:
        await record_facts(list(news), tx, book)


async def test_what_is_recorded_is_read_back_the_same(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A state forgotten and read again must be the state that was written, or the guard would never let go."""
    await record(
        world, book, facts.registration(), facts.penalty("P-1"), facts.penalty("P-2", uscc=sample.other)
    )
    async with world.transaction() as tx:
        before = await tx.entities([sample.uscc, sample.other])
        identities = await tx.identities([sample.uscc, sample.other])
    getattr(world, "profiles", world).reset()

    async with world.transaction() as tx:
        after = await tx.entities([sample.uscc, sample.other, "91510104YY00000000"])

        assert after[:2] == before
        assert after[2].profile_version == 0
        assert identities == await tx.identities([sample.uscc, sample.other])
        assert await tx.fact_names([(sample.uscc, 2)]) == {(sample.uscc, 2): "bureau|P-1"}


async def test_particulars_are_kept_though_nothing_is_told_of_them(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """The legal representative is in no description; the next daily run counts by it all the same."""
    await record(world, book, facts.registration())
    await record(world, book, facts("registration_changed", field="legal_person_ref", after="P-9", on=800))

    for forget in (False, True):
        if forget:
            getattr(world, "profiles", world).reset()
        async with world.transaction() as tx:
            identities = await tx.identities([sample.uscc])
        assert identities[sample.uscc].legal_person_ref == "P-9"


async def test_two_runs_of_one_transaction_see_each_other(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A micro-batch with events of two types calls the use case twice before anything is committed."""
    await record(world, book, facts.registration())

    async with world.transaction() as tx:
        await record_facts([facts.penalty("P-1")], tx, book)
        await record_facts([facts.stopped("bureau|P-1"), facts.penalty("P-2")], tx, book)

    async with world.transaction() as tx:
        (entity,) = await tx.entities([sample.uscc])
    assert len(entity.facts) == 4 * WIDTH
    assert entity.profile_version == 2


async def test_two_runs_of_one_transaction_restate_the_same_particulars(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """The second run must start from what the first one said, and its rows must not meet those of the first."""
    await record(world, book, facts.registration())

    async with world.transaction() as tx:
        for ref in ("P-8", "P-9"):
            change = facts("registration_changed", field="legal_person_ref", after=ref, on=800)
            await record_facts([change], tx, book)
    getattr(world, "profiles", world).reset()

    async with world.transaction() as tx:
        identities = await tx.identities([sample.uscc])
    assert identities[sample.uscc].legal_person_ref == "P-9"


async def test_particulars_of_a_transaction_that_failed_are_forgotten(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A copy in memory that nobody committed would be written with the next change."""
    await record(sql_world, book, facts.registration())

    with contextlib.suppress(ZeroDivisionError):
        async with sql_world.transaction() as tx:
            await record_facts([facts("registration_changed", field="name", after="别名")], tx, book)
            raise ZeroDivisionError

    async with sql_world.transaction() as tx:
        identities = await tx.identities([sample.uscc])
    assert identities[sample.uscc].name == facts.registration().patch.values[0][1]


async def test_the_whole_way_tells_the_same_in_memory_and_in_postgresql(
    memory_world: Any, sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """The fake is only worth its name while it and the store tell the others the same."""
    news = [
        [facts.registration(), facts.registration(uscc=sample.other, address="虚构路2号")],
        [facts.penalty("P-1"), facts("listing_entered", list="serious", uscc=sample.other)],
        [facts("registration_changed", field="address", after="虚构路2号"), facts.stopped("bureau|P-1")],
        [facts("registration_cancelled", reason="closed", uscc=sample.other)],
    ]
    for world in (memory_world, sql_world):
        for batch in news:
            await record(world, book, *batch)
        await DailyRun(world.daily, alone, book)(sample.day + 1)

    def order(world: Any) -> list[Any]:
        return sorted(world.events)

    assert order(memory_world) == order(sql_world)


async def test_the_daily_run_slides_windows_counts_relations_and_is_idempotent(
    world: Any, book: RuleBook, facts: Any, indicator: Any, sample: Any
) -> None:
    """One more day is all it takes for a penalty to leave its window."""
    await record(
        world, book, facts.registration(), facts.registration(uscc=sample.other), facts.penalty(on=364)
    )
    run = DailyRun(world.daily, alone, book)

    state = await run(sample.day + 1)
    again = await run(sample.day + 1)

    assert (state.entities, state.after_uscc) == (2, None)
    assert again == state
    async with world.transaction() as tx:
        (entity, _) = await tx.entities([sample.uscc, sample.other])
    assert indicator(entity, "regulatory.penalties_12m") == 0
    assert indicator(entity, "relation.entities_of_person") == 2
    assert indicator(entity, "relation.entities_at_address") == 2


async def test_a_report_is_due_in_its_season_until_it_is_filed(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """May and June are for reminding; a filed report ends it."""
    await record(world, book, facts.registration())
    await DailyRun(world.daily, alone, book)(sample.day + 1)

    await record(world, book, facts("annual_report_filed", report_year=2025))

    kinds = [event.type.rsplit(".", 1)[1] for event in world.events if "Signal" in event.type]
    assert kinds == ["SignalRaised", "SignalCleared"]


async def test_a_person_clears_a_signal_once(world: Any, book: RuleBook, facts: Any, sample: Any) -> None:
    """Two officers with one list must not both settle it."""
    await record(world, book, facts.penalty("P-1"))
    signal_id = f"penalty_imposed|{sample.uscc}|1"

    async with world.transaction() as tx:
        await clear_signal(signal_id, "interviewed", "officer", tx)

    async with world.transaction() as tx:
        with pytest.raises(SignalNotOpen):
            await clear_signal(signal_id, "interviewed", "officer", tx)
        with pytest.raises(UnknownSignal):
            await clear_signal("listed|X|1", "why", "officer", tx)
    await record(world, book, facts("penalty_annulled", penalty_fact_id="P-1"))


async def test_a_stale_copy_is_refused_and_read_again(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Another process may have taken the partition and given it back."""
    await record(sql_world, book, facts.registration())
    async with sql_world.engine.begin() as connection:
        await connection.execute(text("update entity set profile_version = 7"))
    apply = consumer.handlers(sql_world.profiles.over, book)[wire.FACT_ACCEPTED].apply

    with pytest.raises(Transient):
        async with sql_world.bus_transaction() as transaction:
            await apply([facts.penalty()], transaction)
    sql_world.profiles.reset()
    async with sql_world.bus_transaction() as transaction:
        await apply([facts.penalty()], transaction)

    async with sql_world.transaction() as tx:
        assert (await tx.entities([sample.uscc]))[0].profile_version == 8


async def test_an_entity_another_writer_made_first_is_a_stale_copy(
    sql_world: Any, book: RuleBook, facts: Any
) -> None:
    """Two writers may both think an entity new; one of them must read again."""
    async with sql_world.transaction() as tx:
        await tx.entities([facts.registration().uscc])
        await record_facts([facts.registration()], tx, book)
        steps = [EntityStep(uscc, BLANK, entity, None, 1) for uscc, entity in tx._staged.items()]
    with pytest.raises(StaleCopy):
        async with sql_world.transaction() as tx:
            await tx.save(steps)


async def test_two_writers_cannot_number_facts_alike(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A complaint changes nothing that is told, so only its number shows that the copy was stale."""
    await record(sql_world, book, facts.registration())
    async with sql_world.engine.begin() as connection:
        await connection.execute(
            text(
                "insert into fact select uscc, 2, type, occurred_at, recorded_at, decided_at, features, 'elsewhere',"
                " 'F-2', payload from fact"
            )
        )

    with pytest.raises(StaleCopy):
        await record(sql_world, book, facts("complaint_received"))
    sql_world.profiles.reset()
    await record(sql_world, book, facts("complaint_received"))

    rows = await SqlReads(sql_world.engine, book).facts(sample.uscc, 0, 10)
    assert [row.number for row in rows] == [1, 2, 3]


async def test_copies_are_forgotten_when_another_process_moves_the_calendar(
    sql_world: Any, book: RuleBook, facts: Any, indicator: Any, sample: Any
) -> None:
    """A penalty leaves its window in one process; a new one in another must not look like no change at all."""
    await record(sql_world, book, facts.registration(), facts.penalty("P-1", on=364))
    elsewhere = Profiles(EntityCache(1000), now_ms=sql_world.profiles.now_ms)
    await DailyRun(daily_transactions(sql_world.bus_transaction, elsewhere), alone, book)(sample.day + 1)

    await record(sql_world, book, facts.penalty("P-2"))

    async with sql_world.transaction() as tx:
        (entity,) = await tx.entities([sample.uscc])
    assert indicator(entity, "regulatory.penalties_12m") == 1
    assert entity.profile_version == 3


async def test_the_books_balance(sql_world: Any, book: RuleBook, facts: Any, sample: Any) -> None:
    """Rows and counts are kept apart so that a lost row shows."""
    await record(
        sql_world, book, facts.registration(), facts.penalty("P-1"), facts.inspected("R-1", "no_problem")
    )
    await record(sql_world, book, facts.stopped("bureau|P-1"))
    kept = books(sql_world.engine, book.families)

    assert await kept.digests("recorded") == await kept.digests("counted")
    assert sum(digest.rows for digest in await kept.digests("recorded_from_ingestion")) == 2
    assert sum(digest.rows for digest in await kept.digests("recorded_from_sampling")) == 1
    assert sum(digest.rows for digest in await kept.digests("recorded_from_repair")) == 1
    for name in kept.names():
        assert await kept.digests(name)


async def test_people_see_three_clocks_and_what_counts(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Occurred, recorded and decided are three different answers to `when`."""
    await record(sql_world, book, facts.registration(), facts.penalty("P-1"), facts.stopped("bureau|P-1"))
    reads = SqlReads(sql_world.engine, book)

    rows = await reads.facts(sample.uscc, 0, 10)
    entity = await reads.entity(sample.uscc)
    signals = await SqlSignalReads(sql_world.engine, reads).signals(SignalFilter("510104"), None, 10)

    assert [row.counts for row in rows] == [True, False, True]
    assert rows[1].occurred_at < rows[1].recorded_at < rows[1].decided_at
    assert rows[1].particulars["fine_fen"] == "3000000"
    assert entity is not None
    assert entity.values[19] == 1
    assert math.isnan(entity.values[book.catalogue.position("base.insured_staff")])
    assert [signal.is_open for signal in signals] == []
    trail = [(entry.kind, entry.what, entry.says) for entry in await ProfileTrail(reads).entries(sample.uscc)]
    assert trail == [
        ("fact", "registration_recorded", {"fact_id": "bureau|F-1", "ended": False}),
        ("fact", "penalty_imposed", {"fact_id": "bureau|P-1", "ended": True}),
        ("fact", "record_stopped", {"fact_id": "creditloop.repair|S-bureau|P-1", "ended": False}),
        ("profile", "", {"profile_version": 1, "business_day": "2026-06-01", "indicators_known": 147}),
    ]
    assert await reads.statistics(None) == [("510104", 1, 1, 0)]


async def test_the_tables_are_those_of_the_migrations(sql_world: Any) -> None:
    """People's reads are written against these definitions."""
    async with sql_world.engine.connect() as connection:
        rows = await connection.execute(
            text(
                "select table_name, column_name from information_schema.columns where table_schema = 'public'"
            )
        )
        there = {(row.table_name, row.column_name) for row in rows}

    ours = {(table.name, column.name) for table in METADATA.tables.values() for column in table.columns}
    assert ours <= there
