"""The worker that begins the month that is due."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from city_of_twelve import MONTH, City
from classification_service.store import packs
from classification_service.worker import MonthlyWorker
from sqlalchemy import text


async def test_the_worker_begins_the_month_that_is_due_and_does_it(city: City) -> None:
    """The first days of a month judge the month before, once, whether or not anybody asks."""
    cadences, today = packs.shipped_cadences(), [datetime(2026, 6, 9, tzinfo=UTC)]
    runs = city.runs()
    worker = MonthlyWorker(runs, city.runner(runs), cadences, lambda: today[0])

    await worker.look()
    too_late = await runs.runs()
    today[0] = datetime(2026, 6, 2, tzinfo=UTC)
    await worker.look()
    await worker.look()

    assert too_late == []
    ((run),) = await runs.runs()
    assert (run.business_day, run.left) == (date(2026, 5, 31), 0)
    assert run.ended_at is not None
    assert (await runs.one(run.id)) == run


async def test_the_worker_begins_nothing_where_nobody_is_judged_yet(city: City) -> None:
    """An empty month would stand for good."""
    async with city.store.engine.begin() as connection:
        await connection.execute(text("truncate state"))
    runs = city.runs()
    june = datetime(2026, 6, 2, tzinfo=UTC)

    await MonthlyWorker(runs, city.runner(runs), packs.shipped_cadences(), lambda: june).look()

    assert await runs.runs() == []


async def test_a_worker_does_what_it_is_woken_for_and_ends_when_told(city: City) -> None:
    """A run asked for over HTTP begins at once; one in the middle goes on with the next start."""
    runs, stop = city.runs(), asyncio.Event()
    ended = asyncio.Event()
    runner = city.runner(runs)

    async def run(day: date) -> Any:
        done = await runner(day)
        ended.set()
        return done

    worker = MonthlyWorker(runs, run, (), lambda: datetime(2026, 6, 2, tzinfo=UTC))
    task = asyncio.create_task(worker.run(stop))
    await runs.begin(MONTH)
    worker.wake()

    await asyncio.wait_for(ended.wait(), 20)
    stop.set()
    await asyncio.wait_for(task, 20)

    assert (await runs.runs())[0].ended_at is not None
