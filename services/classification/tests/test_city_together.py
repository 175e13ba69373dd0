"""A monthly run that is killed, shared, or met by events and people on its way: nothing doubled or lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest
from city_of_twelve import CODES, DAY, ENTITIES, EPOCH, MONTH, NOW_MS, SET_BY_HAND, City, Killed, dying
from classification_service.model.judgement import IndicatorsChanged
from classification_service.store.city.runs import StretchWork
from classification_service.store.in_force import moved
from eventbus import Transient
from sqlalchemy import text


@pytest.mark.parametrize("at", ["rules", "read", "make", "hold", "write", "announce", "done"])
@pytest.mark.parametrize("stretch", [0, 1, 2])
async def test_a_run_that_is_killed_goes_on_where_it_stopped(city: City, at: str, stretch: int) -> None:
    """Power fails: no decision is doubled or lost, and the snapshot is of the whole city."""
    await city.promote()

    with pytest.raises(ExceptionGroup) as ended:
        await city.runner(dying(city.runs(), at, stretch))(MONTH)

    assert isinstance(ended.value.exceptions[0], Killed)
    left = await city.store.rows("select count(*) from monthly_stretch where not is_done")
    assert left == [(3 - stretch,)]
    assert await city.snapshots.newest() is None

    run = await city.runner()(MONTH)

    decided = await city.decided()
    assert len(decided) == len(set(decided)) == 2 * ENTITIES - 1
    assert await city.events() == run.tally.announced
    assert (await city.snapshots.newest()).entities == ENTITIES


async def test_what_an_event_judged_meanwhile_is_not_overwritten_with_older_values(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """The event came between reading and writing: the stretch is read anew, and the newer values hold."""
    await city.promote()
    came: list[int] = []

    async def exclusively(work: Callable[[], Awaitable[None]]) -> None:
        if not came:
            came.append(1)
            await run(
                city.store,
                change(90, uscc=CODES[1], regulatory_serious_listed_now=1, business_day=DAY),
                at_ms=NOW_MS - 5,
            )
        await work()

    await city.runner(exclusively=exclusively)(MONTH)

    state = (await city.states())[CODES[1]]
    assert state[0] == 90
    assert state[2] == "D"
    numbers = [number for uscc, number in await city.decided() if uscc == CODES[1]]
    assert numbers == list(range(1, state[3] + 1))


async def test_an_event_between_two_stretches_is_in_the_later_one(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """The run does not stop the loop; who came new is judged by the event, and with the run when it gets there."""
    came: list[int] = []

    async def exclusively(work: Callable[[], Awaitable[None]]) -> None:
        await work()
        if not came:
            came.append(1)
            await run(city.store, change(1, uscc="91510104YZ99999999"), change(50, uscc=CODES[11]))

    done = await city.runner(exclusively=exclusively)(MONTH)

    assert done.tally.entities == ENTITIES + 1
    shown = await city.snapshots.monthly("91510104YZ99999999")
    assert [month.business_day for month in shown] == [MONTH]


async def test_who_holds_for_a_later_day_is_left(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """A run for the end of last month must not take the present away."""
    await run(city.store, change(90, uscc=CODES[2], business_day=DAY + 11))
    await city.promote()
    before = await city.states()

    await city.runner()(MONTH)

    assert (await city.states())[CODES[2]] == before[CODES[2]]


async def test_two_processes_share_a_run(city: City) -> None:
    """A stretch is somebody's or nobody's: two that are asked at once do it once."""
    await city.promote()

    await asyncio.gather(city.runner()(MONTH), city.runner()(MONTH))
    run = await city.runner()(MONTH)

    decided = await city.decided()
    assert len(decided) == len(set(decided)) == 2 * ENTITIES - 1
    assert run.ended_at is not None
    assert await city.events() == run.tally.announced


async def test_who_was_left_is_marked_and_counted_apart(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """What a later day made of an entity must not pass for the class it had in the month."""
    await run(city.store, change(90, uscc=CODES[2], business_day=DAY + 11, regulatory_serious_listed_now=1))
    await city.promote()

    done = await city.runner()(MONTH)

    assert done.tally.left == 2  # this one, and the cancelled one
    assert [month.was_judged for month in await city.snapshots.monthly(CODES[2])] == [False]
    assert [month.was_judged for month in await city.snapshots.monthly(CODES[1])] == [True]
    table = pq.read_table(list((city.folder / (await city.snapshots.newest()).path).glob("part-*")))
    shown = dict(zip(table["uscc"].to_pylist(), table["is_judged"].to_pylist(), strict=True))
    days = dict(zip(table["uscc"].to_pylist(), table["business_day"].to_pylist(), strict=True))
    assert {uscc for uscc, judged in shown.items() if not judged} == {CODES[2], CODES[3]}
    assert (days[CODES[1]], days[CODES[2]]) == (MONTH, EPOCH + timedelta(days=DAY + 11))


async def test_an_event_of_another_process_that_is_not_committed_yet_is_waited_for_and_holds(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """Two processes, one of which applies events while the other runs: nobody fails, and the newer values hold."""
    await city.promote()
    events = [
        change(90 + number, uscc=uscc, regulatory_serious_listed_now=1, business_day=DAY)
        for number, uscc in enumerate(CODES)
        if uscc != CODES[3]
    ]

    async def one_after_the_other() -> None:
        for event in events:
            while True:
                city.store.cache.clear()
                with suppress(Transient):
                    await run(city.store, event, at_ms=NOW_MS - 5)
                    break

    done, _ = await asyncio.gather(city.runner()(MONTH), one_after_the_other())

    states, decided = await city.states(), await city.decided()
    assert done.ended_at is not None
    assert all(states[uscc][2] == "D" for uscc in CODES if uscc != CODES[3])
    assert len(decided) == len(set(decided)) == sum(state[3] for state in states.values())


async def test_a_person_decides_while_a_stretch_is_judged_and_the_run_heeds_it(city: City) -> None:
    """Nobody waits for a run: the stretch at hand is done anew by what was decided."""
    await city.promote()
    runs, came = city.runs(), []
    work_of = runs.work

    @asynccontextmanager
    async def interrupted(ran: Any) -> AsyncIterator[StretchWork]:
        async with work_of(ran) as work:
            make = work.make

            async def decided_meanwhile(*given: Any) -> Any:
                if not came:
                    async with city.store.engine.begin() as connection:
                        await connection.execute(text("set local lock_timeout = '2s'"))
                        await connection.execute(text(SET_BY_HAND), {"uscc": CODES[0]})
                        await moved(connection)
                    came.append(1)
                return await make(*given)

            work.make = decided_meanwhile
            yield work

    runs.work = interrupted
    await city.runner(runs)(MONTH)

    assert (await city.states())[CODES[0]][2] == "C"
    assert [month.risk_class for month in await city.snapshots.monthly(CODES[0])] == ["C"]


async def test_values_of_an_earlier_catalogue_are_not_judged_for_a_person_either(city: City) -> None:
    """What a newer indicator would say is not known, and is not zero."""
    await city.promote()
    async with city.store.engine.begin() as connection:
        await connection.execute(text(SET_BY_HAND), {"uscc": CODES[0]})
        await moved(connection)
        earlier = text("update state set catalogue_version = 1 where uscc = :uscc")
        await connection.execute(earlier, {"uscc": CODES[0]})
    before = await city.states()

    await city.runner()(MONTH)

    assert (await city.states())[CODES[0]] == before[CODES[0]]


async def test_nobody_waits_for_a_stretch_that_is_read_and_judged(city: City) -> None:
    """Rules are held only while a stretch is written: an approval or an objection takes a moment."""
    async with city.runs().work(await city.runs().begin(MONTH)) as work:
        stretch = await work.claim()
        await work.rules()
        await work.read(stretch)

        async with city.store.engine.begin() as connection:
            await connection.execute(text("set local lock_timeout = '2s'"))
            await moved(connection)
            written = await connection.execute(text("update state set previous_decision = previous_decision"))

    assert written.rowcount == ENTITIES


async def test_only_who_was_judged_meanwhile_is_judged_again(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """Under events every stretch has some of them; doing all of it anew would never end."""
    await city.promote()
    runs, read = city.runs(), []
    work_of = runs.work

    @asynccontextmanager
    async def counted(ran: Any) -> AsyncIterator[StretchWork]:
        async with work_of(ran) as work:
            reading = work.read

            async def told(stretch: Any) -> Any:
                read.append(stretch.number)
                found = await reading(stretch)
                if stretch.number == 0 and len(read) == 1:
                    listed = {"business_day": DAY - 1, "regulatory_serious_listed_now": 1}
                    await run(city.store, change(90, uscc=CODES[1], **listed))
                return found

            work.read = told
            yield work

    runs.work = counted
    done = await city.runner(runs)(MONTH)

    state = (await city.states())[CODES[1]]
    assert sorted(read) == [0, 1, 2]
    assert (state[0], state[2], state[3], state[5]) == (90, "D", 3, "general@2")
    assert done.tally.decided == ENTITIES - 1
    assert [month.decision_number for month in await city.snapshots.monthly(CODES[1])] == [3]
