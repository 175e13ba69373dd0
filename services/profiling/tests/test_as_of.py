"""A profile as of any moment is the one that was told then, and facts that were not known do not count."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from profiling_service.model.relations import COUNTS
from profiling_service.rules.as_of import Moment, standing
from profiling_service.rules.profiles import RuleBook
from profiling_service.store.history import SqlHistory
from profiling_service.store.rebuilding import rebuild
from profiling_service.use_cases.daily_run import DailyRun
from profiling_service.use_cases.record import record_facts
from sqlalchemy import text

NO_RELATIONS = {name: [float("nan")] for name in COUNTS}
DAY_MS = 86_400_000


async def alone(work: Any) -> None:
    await work()


def at(day: int, minutes: int = 0) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day, minutes=minutes)


def test_a_fact_recorded_later_was_not_known(book: RuleBook, facts: Any, sample: Any) -> None:
    """What did we know on that day, and why? Not what we learned since."""
    late = msgspec.structs.replace(facts.penalty("P-1", on=100), recorded_at_ms=sample.day * DAY_MS)
    history = [facts.registration(), late]

    before = standing(history, Moment(sample.day - 50, None, (sample.day - 50) * DAY_MS), book, NO_RELATIONS)
    after = standing(history, Moment(sample.day - 50, None, sample.day * DAY_MS), book, NO_RELATIONS)

    assert before is not None
    assert after is not None
    assert (before.facts, after.facts) == ((1,), (1, 2))


def test_a_fact_that_had_not_happened_does_not_count_on_a_day_before(
    book: RuleBook, facts: Any, sample: Any, indicator: Any
) -> None:
    """With what we know today, how did it stand then?"""
    history = [facts.registration(), facts.penalty("P-1", on=100), facts.penalty("P-2", on=10)]
    then = sample.day - 50
    moment = Moment(then, (then + 1) * DAY_MS - 1, sample.day * DAY_MS)

    found = standing(history, moment, book, NO_RELATIONS)

    assert found is not None
    assert indicator(found.entity, "regulatory.penalties_12m") == 1


def test_what_was_in_force_is_told_for_each_pair_of_clocks(book: RuleBook, facts: Any, sample: Any) -> None:
    """A penalty annulled counts on the days before, until it is known that it was taken back altogether."""
    penalty = facts.penalty("P-1", on=100)
    annulled = facts("penalty_annulled", on=50, penalty_fact_id="P-1", reason="r")
    wrong = facts.retracted("P-1", on=0)
    history = [facts.registration(), penalty, annulled, wrong]

    def in_force(valid: int, known: int) -> tuple[int, ...]:
        moment = Moment(
            sample.day - valid, (sample.day - valid + 1) * DAY_MS - 1, (sample.day - known + 1) * DAY_MS
        )
        stood = standing(history, moment, book, NO_RELATIONS)
        return () if stood is None else stood.in_force

    assert in_force(60, 60) == (1, 2)
    assert 2 not in in_force(20, 20)
    assert 2 not in in_force(60, 0)
    assert 2 in in_force(60, 20)


def test_of_whom_nothing_was_known_there_is_no_profile(book: RuleBook, facts: Any, sample: Any) -> None:
    """Not an empty one: that would say there was an entity without a fault."""
    assert standing([facts.registration()], Moment(sample.day - 2000, None, 0), book, NO_RELATIONS) is None


async def test_every_profile_ever_told_is_found_again(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """To the last bit: a decision that leaned on it must be explainable years later."""
    told = []
    news = [
        facts.registration,
        lambda: facts.penalty("P-1", on=300),
        lambda: facts.stopped("bureau|P-1", on=5),
        lambda: facts("complaint_received", on=2),
        lambda: facts.penalty("P-2", on=1),
    ]
    for step, made in enumerate(news):
        facts.recorded_at_ms = (sample.day + step) * DAY_MS + 60_000
        sql_world.profiles.now_ms = lambda: facts.recorded_at_ms + 1000
        async with sql_world.transaction() as tx:
            await record_facts([made()], tx, book)
        await moment_of(sql_world, sample.day + step + 1, at(sample.day + step, 10))
        told.append((at(sample.day + step, 5), await stored(sql_world, sample.uscc)))
        await DailyRun(sql_world.daily, alone, book)(sample.day + step + 1)
        await moment_of(sql_world, sample.day + step + 1, at(sample.day + step, 10))
        told.append((at(sample.day + step, 15), await stored(sql_world, sample.uscc)))

    history = SqlHistory(sql_world.engine, book)
    for known_at, values in told:
        moment = Moment(await history.business_day(known_at), None, int(known_at.timestamp() * 1000))
        found = await history.standing(sample.uscc, moment, at(2**20))
        assert found is not None
        assert found.entity.values == values


async def moment_of(world: Any, day: int, begun_at: datetime) -> None:
    """The business day began then, as a city would see it; the test's clock does not move."""
    async with world.engine.begin() as connection:
        await connection.execute(
            text("update business_day_before set begun_at = :at where day = :day"),
            {"at": begun_at, "day": date(1970, 1, 1) + timedelta(days=day)},
        )


async def stored(world: Any, uscc: str) -> bytes:
    async with world.engine.connect() as connection:
        return bytes(
            (
                await connection.execute(text("select told from entity where uscc = :u"), {"u": uscc})
            ).scalar_one()
        )


async def test_facts_made_by_other_forms_are_read_anew_once(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Adding a flag to a pack must reach the facts of ten years, without anybody sending them again."""
    async with sql_world.transaction() as tx:
        await record_facts([facts.registration(), facts.penalty("P-1")], tx, book)
    right = await features(sql_world)
    async with sql_world.engine.begin() as connection:
        await connection.execute(text("update fact set features = 'old'"))

    assert await rebuild(sql_world.engine, book) == 2
    assert await rebuild(sql_world.engine, book) == 0

    assert await features(sql_world) == right
    async with sql_world.engine.connect() as connection:
        assert (await connection.execute(text("select next_look from entity"))).scalar_one() == 0


async def features(world: Any) -> list[bytes]:
    async with world.engine.connect() as connection:
        return [
            bytes(row[0])
            for row in await connection.execute(text("select features from fact order by number"))
        ]


async def test_the_daily_run_looks_only_at_whom_the_calendar_may_have_changed(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Four million entities, of which a few thousand change on a day."""
    async with sql_world.transaction() as tx:
        news = [
            facts.registration(uscc=uscc, established_on_day=None) for uscc in (sample.uscc, sample.other)
        ]
        await record_facts([*news, facts("annual_report_filed", report_year=2025)], tx, book)
        await record_facts([facts("annual_report_filed", report_year=2025, uscc=sample.other)], tx, book)
        await record_facts([facts("complaint_received", on=88)], tx, book)
    run = DailyRun(sql_world.daily, alone, book)
    await run(sample.day + 1)

    looked_at = [(await run(day)).entities for day in range(sample.day + 2, sample.day + 5)]

    assert looked_at == [1, 0, 0]
