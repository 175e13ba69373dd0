"""What is stored of signals, what another process sees of them, and what people do with them."""

from collections import Counter
from typing import Any

import pytest
from profiling_service.errors import StaleCopy, UnknownSuppression
from profiling_service.ports.signals import SignalFilter, SuppressionOrder
from profiling_service.rules.causes.view import MOST_EVIDENCE
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.windows import as_date
from profiling_service.store.books import books
from profiling_service.store.cache import EntityCache
from profiling_service.store.reads import SqlReads
from profiling_service.store.signal_reads import SqlSignalReads
from profiling_service.store.unit_of_work import Profiles
from profiling_service.use_cases.record import record_facts
from profiling_service.use_cases.signals import clear_signals, end_suppression, judge, suppress
from profiling_signal_steps import RISING, complaints, quieten, record, told
from sqlalchemy import event, text

_LONG_OVER = text("""
    insert into signal (signal_id, uscc, family, episode, severity, suggested_step, evidence, area_code, raised_on,
        due_on, is_open, holds, cleared_on, cleared_reason, cleared_by)
    select 'listed|' || :uscc || '|' || number, :uscc, 'listed', number, 3, 'inspect', '{}', '', day, day, false, false,
        day, 'facts', 'facts'
    from generate_series(100, 5000) as number, cast('2020-01-01' as date) as day
""")


async def test_the_database_keeps_old_evidence_beside_the_new(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """What showed the matter first must not be lost for what shows it now; and no row grows without bound."""
    await record(sql_world, book, *complaints(facts, 1, 2, 3))
    signals = SqlSignalReads(sql_world.engine, SqlReads(sql_world.engine, book))
    before = await signals.signal(f"{RISING}|{sample.uscc}|1")

    await record(sql_world, book, *complaints(facts, *range(4, 84)))

    after = await signals.signal(f"{RISING}|{sample.uscc}|1")
    assert before is not None
    assert after is not None
    assert list(after.evidence[:3]) == list(before.evidence)
    assert len(set(after.evidence)) == MOST_EVIDENCE
    assert (after.updates, after.measure, after.severity) == (1, 83.0, 3)
    assert [row.type for row in await signals.evidence(before)] == [11, 11, 11]


async def test_another_process_hears_of_a_suppression_with_its_next_batch(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """It is kept in memory everywhere and read again when it moved, not for every fact."""
    elsewhere = Profiles(EntityCache(1000), now_ms=sql_world.profiles.now_ms)
    async with sql_world.bus_transaction() as transaction:
        await record_facts([facts.registration()], elsewhere.over(transaction), book)
    await quieten(sql_world, "penalty_imposed", until=sample.day, uscc=sample.uscc)

    async with sql_world.bus_transaction() as transaction:
        await record_facts([facts.penalty("P-1")], elsewhere.over(transaction), book)

    assert told(sql_world, "penalty_imposed") == []


async def test_an_ended_suppression_lets_the_next_fact_raise(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Somebody suppressed the wrong firm; it is not to wait for its day."""
    await record(sql_world, book, facts.registration())
    order = SuppressionOrder("penalty_imposed", "", sample.uscc, as_date(sample.day + 90), "by mistake")
    async with sql_world.transaction() as tx:
        suppression = await suppress(order, "officer", tx)
    await record(sql_world, book, facts.penalty("P-1"))

    async with sql_world.transaction() as tx:
        await end_suppression(suppression, "officer", tx)
    async with sql_world.transaction() as tx:
        with pytest.raises(UnknownSuppression):
            await end_suppression(suppression, "officer", tx)
    await record(sql_world, book, *complaints(facts, 400))

    assert told(sql_world, "penalty_imposed") == ["SignalRaised"]


async def test_a_signal_that_another_process_told_again_is_a_stale_copy(
    sql_world: Any, book: RuleBook, facts: Any
) -> None:
    """Two writers of one entity must not both tell that it doubled."""
    await record(sql_world, book, *complaints(facts, 1, 2, 3))
    async with sql_world.engine.begin() as connection:
        await connection.execute(text("update signal set measure = 6"))

    with pytest.raises(StaleCopy):
        await record(sql_world, book, *complaints(facts, 4, 5, 6))


async def test_what_was_never_told_is_on_nobodys_books(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Notification has no such signal, so that it would look lost there."""
    await record(sql_world, book, facts.registration())
    await quieten(sql_world, "penalty_imposed", until=sample.day, uscc=sample.uscc)
    await record(sql_world, book, facts.penalty("P-1"))
    kept = books(sql_world.engine, book.families)

    assert sum(digest.rows for digest in await kept.digests("signals")) == 0
    assert sum(digest.rows for digest in await kept.digests("signals_kept")) == 1
    assert await kept.digests("signals_kept") == await kept.digests("signals_counted")


async def test_verdicts_become_figures_and_a_stricter_step_is_counted(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """The last verdict counts, the others are kept; the counterfactual is of signals that were told."""
    usccs = [f"91510104YY{number:08d}" for number in range(4)]
    for uscc, many in zip(usccs, (3, 3, 4, 5), strict=True):
        await record(sql_world, book, *complaints(facts, *range(1, many + 1), uscc=uscc))
    async with sql_world.transaction() as tx:
        for uscc in usccs[:2]:
            await judge(f"{RISING}|{uscc}|1", "officer", "one rival complained", tx, useful=True)
    async with sql_world.transaction() as tx:
        await judge(f"{RISING}|{usccs[0]}|1", "other", "looked into", tx, useful=False)
    signals = SqlSignalReads(sql_world.engine, SqlReads(sql_world.engine, book))

    (row,) = await signals.family_counts(None, as_date(sample.day - 40), {RISING: (4.0, -1.0)})

    assert (row.raised, row.open, row.judged, row.useful, row.stricter) == (4, 4, 2, 1, 2)
    assert [said.useful for said in await signals.verdicts(f"{RISING}|{usccs[0]}|1")] == [False, True]


async def test_lists_are_filtered_by_what_an_officer_asks(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """What is urgent, of my sector, due this week, not suppressed."""
    await record(sql_world, book, facts.registration(), facts.penalty("P-1"), *complaints(facts, 1, 2, 3))
    await record(
        sql_world, book, facts("listing_entered", list="abnormal"), facts("elevator_failed", trapped=True)
    )
    await quieten(sql_world, "listed", until=sample.day, uscc=sample.uscc)
    reads = SqlSignalReads(sql_world.engine, SqlReads(sql_world.engine, book))

    async def families(**asked: Any) -> Counter[str]:
        return Counter(row.family for row in await reads.signals(SignalFilter(**asked), None, 100))

    assert set(await families()) == {"penalty_imposed", RISING, "listed", "elevator_trapped"}
    assert set(await families(severity=3)) == {"listed"}
    assert set(await families(state="suppressed")) == {"listed"}
    assert "listed" not in await families(state="open")
    assert not await families(state="cleared")
    assert set(await families(due_before=as_date(sample.day + 5))) == {"elevator_trapped"}
    assert set(await families(sector=1 << 30, sector_families=["elevator_trapped"])) == {"elevator_trapped"}
    assert not await families(area_code="510117")


async def test_many_are_cleared_at_once_each_in_its_area(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """One statement for a whole campaign; what is not open or not the officer's is left as it is."""
    there = facts.registration(uscc=sample.other, area_code="510117")
    penalties = [facts.penalty("P-1"), facts.penalty("P-2", uscc=sample.other)]
    await record(sql_world, book, facts.registration(), there, *penalties)
    ids = [f"penalty_imposed|{uscc}|2" for uscc in (sample.uscc, sample.other)]

    async with sql_world.transaction() as tx:
        mine = await clear_signals(ids, "510104", "campaign", "officer", tx)
    async with sql_world.transaction() as tx:
        again = await clear_signals(ids, None, "campaign", "officer", tx)

    assert (mine, again) == ({ids[0]}, {ids[1]})
    await record(sql_world, book, facts("penalty_annulled", penalty_fact_id="P-1"))
    assert told(sql_world, "penalty_imposed") == ["SignalRaised"] * 2 + ["SignalCleared"] * 2


async def test_what_is_open_and_what_was_raised_lately_is_found_by_index(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Signals are kept for ever; the few that matter today must not be looked for among all of them."""
    await record(sql_world, book, facts.registration(), facts.penalty("P-1"))
    async with sql_world.engine.begin() as connection:
        await connection.execute(_LONG_OVER, {"uscc": sample.uscc})
        await connection.execute(text("analyze signal"))
    asked: list[tuple[str, Any]] = []
    reads = SqlSignalReads(sql_world.engine, SqlReads(sql_world.engine, book))

    @event.listens_for(sql_world.engine.sync_engine, "before_cursor_execute")
    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    (still_open,) = await reads.signals(SignalFilter(state="open"), None, 100)
    await reads.family_counts(None, as_date(sample.day - 30), {"penalty_imposed": (2.0, -1.0)})

    assert still_open.family == "penalty_imposed"
    plans = [await _plan(sql_world, statement, values) for statement, values in asked[:2]]
    assert "signal_open" in plans[0]
    assert "signal_raised" in plans[1]


async def _plan(world: Any, statement: str, values: Any) -> str:
    async with world.engine.connect() as connection:
        rows = await connection.exec_driver_sql(f"explain {statement}", values)
        return "\n".join(row[0] for row in rows.all())
