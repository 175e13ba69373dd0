"""How class mixes went over time, for the whole city, an area or a sector."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from classification_service.model.judgement import IndicatorsChanged
from classification_service.store.mix import SqlMixes
from classification_service.worker import MixKeeper
from httpapi import Role
from sqlalchemy import text

USCC, OTHER = "91510104YY000001XM", "91510117YY0000028G"
TODAY = date(2026, 5, 27)
CITY = Role.CITY_ADMINISTRATOR
Run = Callable[..., Awaitable[None]]


@pytest.fixture
async def watched(office: Any, run: Run, change: Callable[..., IndicatorsChanged]) -> Any:
    """Two entities of two areas, seen in April; since then one fell to C and one is gone."""
    mixes = SqlMixes(office.store.engine)
    await run(office.store, change(1), change(1, uscc=OTHER, area_code="510117"))
    await mixes.keep(date(2026, 4, 29))
    await mixes.keep(date(2026, 4, 30))
    await run(office.store, change(2, regulatory_abnormal_listed_now=1))
    await mixes.keep(date(2026, 5, 26))
    await run(office.store, change(2, uscc=OTHER, area_code="510117", status="cancelled"))
    return office


async def points(office: Any, query: str = "", role: Role = CITY, **more: Any) -> list[tuple[Any, ...]]:
    answer = await office.ask("chen", role, f"GET /v1/statistics/classes/trend?{query}", **more)
    assert answer.status_code == 200, answer.text
    return [(point["day"], *point["counts"].values()) for point in answer.json()["points"]]


async def test_of_a_month_its_last_day_known_counts_and_of_this_one_now(watched: Any) -> None:
    """Who is gone since counts in the months before."""
    assert await points(watched) == [("2026-04-30", 2, 0, 0, 0), ("2026-05-27", 0, 0, 1, 0)]


async def test_days_are_those_that_somebody_looked_at(watched: Any) -> None:
    """Nothing is made up for the days between."""
    assert await points(watched, "by=day&since=2026-04-30&until=2026-05-26") == [
        ("2026-04-30", 2, 0, 0, 0),
        ("2026-05-26", 1, 0, 1, 0),
    ]


async def test_an_officer_sees_their_own_area_and_no_other(watched: Any) -> None:
    """The city's staff may ask for one area, an area's staff for theirs."""
    own = {"role": Role.AREA_OFFICER, "area": "510117"}
    one = [("2026-04-30", 1, 0, 0, 0)]

    assert await points(watched, **own) == await points(watched, "area=510117") == one
    for path in ("statistics/classes/trend", "statistics/classes", "statistics/sectors", "work/counts"):
        call = f"GET /v1/{path}?area=510104"
        assert (await watched.ask("chen", Role.AREA_OFFICER, call, area="510117")).status_code == 404
    discovery = await watched.ask(
        "chen", Role.AREA_OFFICER, "GET /v1/reviews/discovery?area=510104", area="510117"
    )
    assert discovery.status_code == 404


async def test_one_area_of_the_city_is_told_alone(watched: Any) -> None:
    """A click on a tile filters the page."""
    answer = await watched.ask("chen", CITY, "GET /v1/statistics/classes?by=area&area=510104")

    assert [(group["group"], group["counts"]["C"]) for group in answer.json()["groups"]] == [("510104", 1)]


async def test_members_of_a_sector_count_by_their_class_in_it(watched: Any) -> None:
    """Three bits for each sector: here A in the first, B in the second."""
    async with watched.store.engine.begin() as connection:
        await connection.execute(text("update state set sectors = 1 + (2 << 3)"))
    await SqlMixes(watched.store.engine).keep(TODAY)

    rows = await watched.store.rows(
        "select sector, class, entities from class_mix where day = '2026-05-27' order by 1"
    )
    assert rows == [("", "C", 1), ("drug_distribution", "B", 1), ("food_production", "A", 1)]
    assert await points(watched, "sector=drug_distribution") == [("2026-05-27", 0, 1, 0, 0)]


async def test_a_period_that_cannot_be_says_what_would_be_right(office: Any) -> None:
    """Years of days are no chart."""
    for query in ("since=2026-06-01&until=2026-05-01", "by=day&since=2020-01-01", "by=week", "sector=none"):
        answer = await office.ask("chen", CITY, f"GET /v1/statistics/classes/trend?{query}")
        assert answer.status_code == 422, query


async def test_the_keeper_looks_at_once_and_ends_when_told(watched: Any) -> None:
    """Looking twice leaves one mix of the day."""
    stop = asyncio.Event()
    keeper = MixKeeper(
        SqlMixes(watched.store.engine), lambda: datetime(2026, 5, 27, 9, tzinfo=UTC), every_s=0.01
    )
    working = asyncio.create_task(keeper.run(stop))

    async with asyncio.timeout(20):
        while not await watched.store.rows("select 1 from class_mix where day = '2026-05-27'"):
            await asyncio.sleep(0.01)
        stop.set()
        await working

    assert await watched.store.rows(
        "select area_code, class, entities from class_mix where day = '2026-05-27'"
    ) == [("510104", "C", 1)]


_COUNTED_ANEW = """
    select count(*) from (
        select area_code, industry, class, model_id, is_observed, sum(entities)::bigint as entities
        from class_count group by 1, 2, 3, 4, 5 having sum(entities) <> 0
    ) kept full join (
        select area_code, left(industry, 1) as industry, class, model_id, flags & 1 <> 0 as is_observed,
            count(*) as entities
        from state where status not in ('revoked', 'cancelled') group by 1, 2, 3, 4, 5
    ) anew using (area_code, industry, class, model_id, is_observed, entities) where kept is null or anew is null
"""
_SECTORS_COUNTED_ANEW = """
    select count(*) from (
        select area_code, sectors, class, override_code, sum(entities)::bigint as entities
        from sector_count group by 1, 2, 3, 4 having sum(entities) <> 0
    ) kept full join (
        select area_code, sectors, class, override_code, count(*) as entities
        from state where status not in ('revoked', 'cancelled') group by 1, 2, 3, 4
    ) anew using (area_code, sectors, class, override_code, entities) where kept is null or anew is null
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_is_kept_is_what_one_would_count_whatever_happens(
    office: Any, run: Run, change: Callable[..., IndicatorsChanged], seed: int
) -> None:
    """Facts, moves, ends, redelivery, rewriting a whole city, and summing up: none may lose or double an entity."""
    random, versions = Random(seed), dict.fromkeys((USCC, OTHER), 0)
    for _ in range(12):
        uscc = random.choice((USCC, OTHER))
        versions[uscc] += 1
        news = change(
            versions[uscc],
            uscc=uscc,
            area_code=random.choice(("510104", "510117")),
            industry=random.choice(("F52", "C14")),
            status=random.choice(("active", "active", "revoked")),
            regulatory_abnormal_listed_now=random.choice((0, 1)),
        )
        await run(office.store, news)
        await run(office.store, news)
        async with office.store.engine.begin() as connection:
            whole = "update state set sectors = :sectors, override_code = :code, flags = :flags"
            values = {
                "sectors": random.choice((0, 1, 10)),
                "code": random.choice(("", "x")),
                "flags": random.choice((0, 1)),
            }
            await connection.execute(text(whole), values)
            if random.random() < 0.3:
                await connection.rollback()
        if random.random() < 0.3:
            await SqlMixes(office.store.engine).keep(TODAY)

        assert await office.store.rows(_COUNTED_ANEW) == [(0,)]
        assert await office.store.rows(_SECTORS_COUNTED_ANEW) == [(0,)]


async def test_very_many_changes_are_summed_up_and_say_the_same(watched: Any) -> None:
    """Else what is added and taken would grow for ever."""
    async with watched.store.engine.begin() as connection:
        await connection.execute(
            text("insert into sector_count select '510104', 0, 'A', '', 1 from generate_series(1, 3000)")
        )
    await SqlMixes(watched.store.engine).keep(TODAY)

    rows = await watched.store.rows(
        "select class, entities from sector_count where class = 'A' and area_code = '510104'"
    )
    assert rows == [("A", 3000)]
