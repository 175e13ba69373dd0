"""People, facts and the calendar at one and the same moment: none fails for another, and nothing is miscounted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from profiling_service.ports.signals import SignalFilter
from profiling_service.rules.profiles import RuleBook
from profiling_service.store.reads import SqlReads
from profiling_service.store.signal_reads import SqlSignalReads
from profiling_service.use_cases import signal_work
from profiling_service.use_cases.daily_run import DailyRun
from profiling_service.use_cases.signals import clear_signals
from profiling_signal_steps import RISING, alone, complaints, counted_anew, record, until_waiting
from sqlalchemy import text

News = Callable[[Any, Any], list[Any]]
IN_THE_WAY = text("select from signal where signal_id = :id for update")

IMPATIENT = text("""
    do $$ begin execute format('alter database %I set lock_timeout = 50', current_database()); end $$
""")


@pytest.fixture
async def ids(sql_world: Any, book: RuleBook, facts: Any, sample: Any) -> tuple[str, str, str]:
    """Three open signals in the order in which people lock them; the last one was raised first."""
    await record(
        sql_world, book, facts.registration(uscc=sample.other), facts.penalty("P-2", uscc=sample.other)
    )
    await record(sql_world, book, facts.registration(), facts.penalty("P-1"))
    await record(
        sql_world, book, *(facts("complaint_received", fact_id=f"C-{day}", on=day) for day in (1, 2, 3))
    )
    uscc, other = sample.uscc, sample.other
    return f"{RISING}|{uscc}|1", f"penalty_imposed|{uscc}|2", f"penalty_imposed|{other}|2"


@asynccontextmanager
async def in_the_way(world: Any, signal_id: str) -> AsyncIterator[None]:
    async with world.engine.begin() as connection:
        await connection.execute(IN_THE_WAY, {"id": signal_id})
        yield


async def give(world: Any, ids: tuple[str, str, str]) -> set[str]:
    async with world.transaction() as tx:
        step = signal_work.assignment("wang", "chen", "", only_own=False)
        return await signal_work.assign(ids, None, step, tx)


async def given_while(world: Any, ids: tuple[str, str, str], other: Awaitable[Any]) -> set[str]:
    """Who gives them all has the first and waits for the second when the other begins; both end well."""
    async with in_the_way(world, ids[1]):
        giving = asyncio.create_task(give(world, ids))
        await until_waiting(world, 1)
        working = asyncio.ensure_future(other)
        await until_waiting(world, 2)
    given, _ = await asyncio.gather(giving, working)
    return given


async def test_many_are_given_while_the_day_moves(
    sql_world: Any, book: RuleBook, sample: Any, ids: tuple[str, str, str]
) -> None:
    """Monday's work is given out while the run makes hundreds of signals late: each would have what the other wants."""
    run = DailyRun(sql_world.daily, alone, book)(sample.day + 60)

    assert await given_while(sql_world, ids, run) == set(ids)

    assert await counted_anew(sql_world) == 0


def growing(facts: Any, sample: Any) -> list[Any]:
    """The last one moves, and the first one grows."""
    return [
        facts.registration(uscc=sample.other, on=800, area_code="510117"),
        *complaints(facts, *range(4, 10)),
    ]


def ending(facts: Any, sample: Any) -> list[Any]:
    """The last one moves, and the first one is over."""
    moves = facts.registration(uscc=sample.other, on=800, area_code="510117")
    return [moves, facts.retracted("C-1"), facts.retracted("C-2")]


def moving(facts: Any, sample: Any) -> list[Any]:
    """The first two move, and the last one is over."""
    over = facts("penalty_annulled", uscc=sample.other, penalty_fact_id="P-2")
    return [facts.registration(on=800, area_code="510117"), over]


@pytest.mark.parametrize("news", [growing, ending, moving])
async def test_many_are_given_while_facts_change_the_same_ones(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any, ids: tuple[str, str, str], news: News
) -> None:
    """Whatever is written first, the officer must not be refused for it."""
    given = await given_while(sql_world, ids, record(sql_world, book, *news(facts, sample)))

    assert given == set(ids)
    assert await counted_anew(sql_world) == 0


async def test_what_is_opened_again_while_the_day_moves_is_late_when_it_is(
    sql_world: Any, book: RuleBook, sample: Any, ids: tuple[str, str, str]
) -> None:
    """The run does not see it yet, and whoever opens it does not see the new day: it would never be late."""
    async with sql_world.transaction() as tx:
        await clear_signals(ids, None, "slip", "chen", tx)

    async with sql_world.transaction() as tx:
        await signal_work.reopen(ids[1], "wrong firm", "chen", tx)
        moving = asyncio.create_task(DailyRun(sql_world.daily, alone, book)(sample.day + 60))
        waiting = asyncio.create_task(until_waiting(sql_world, 1))
        await asyncio.wait({moving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    await moving
    waiting.cancel()

    assert await counted_anew(sql_world) == 0


async def test_what_is_cleared_while_one_counts_is_counted_once(
    sql_world: Any, book: RuleBook, ids: tuple[str, str, str]
) -> None:
    """Tabs that are counted one after the other would lose it, or show it twice."""
    reads = SqlSignalReads(sql_world.engine, SqlReads(sql_world.engine, book))
    asked = (SignalFilter(), "chen", date(2000, 1, 1))
    before = await reads.counts(*asked)

    async with sql_world.transaction() as tx:
        await tx.transaction.connection.execute(text("lock table signal_count"))
        counting = asyncio.create_task(reads.counts(*asked))
        await until_waiting(sql_world, 1)
        await clear_signals(ids, None, "seen", "chen", tx)

    assert await counting == before


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("/v1/daily-runs", {"day": "2026-09-01"}),
        ("/v1/signals/{id}/assign", {"assignee": "wang"}),
        ("/v1/signals/{id}/clear", {"reason": "seen"}),
    ],
)
async def test_who_waits_for_another_in_vain_is_told_to_come_again(
    ask: Any, sql_world: Any, sample: Any, path: str, order: dict[str, Any]
) -> None:
    """The database ends what waits in a circle, or too long; that is nobody's fault, and no error of ours."""
    signal_id = f"penalty_imposed|{sample.uscc}|2"
    async with sql_world.engine.begin() as connection:
        await connection.execute(IMPATIENT)
    async with in_the_way(sql_world, signal_id):
        answer = await ask(path.replace("{id}", signal_id), json=order)

    assert (answer.status_code, answer.json()["title"]) == (503, "The service cannot take this now")
    assert "retry-after" in answer.headers
