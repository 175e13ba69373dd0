"""What replay, review, objections and figures see of a run afterwards."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from city_of_twelve import CODES, DAY, ENTITIES, EPOCH, MONTH, NOW_MS, City
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import PromotedAt
from classification_service.rules.reading import model_of
from classification_service.store import packs
from classification_service.store.replays import ReplayReads
from classification_service.store.review_reads import ReviewReads
from classification_service.store.sector_reads import SectorReads
from classification_service.use_cases.replay import FIRST, replay_after, replay_sample
from classification_service.use_cases.review import record_results
from sqlalchemy import text


async def test_every_decision_of_runs_and_events_is_replayed(city: City) -> None:
    """All means all; points of a run's decisions are not kept, and it is said of how many."""
    await city.promote()
    await city.runner()(MONTH)
    books_of = ReplayReads(city.bus.engine, city.catalogue, packs.shipped_widths())

    every, some = await replay_after(FIRST, 20_000, books_of), await replay_sample(10, 4, books_of)

    assert (every.decisions, every.differing, every.without_points) == (2 * ENTITIES - 1, 0, ENTITIES - 1)
    assert (some.decisions, some.differing) == (10, 0)
    paged = [await books_of.after("", 0, 5)]
    while paged[-1]:
        paged.append(await books_of.after(paged[-1][-1].uscc, paged[-1][-1].number, 5))
    assert [(each.uscc, each.number) for page in paged for each in page] == await city.decided()
    async with city.store.engine.begin() as connection:
        await connection.execute(text("set local session_replication_role = replica"))
        await connection.execute(
            text("update monthly_block set scores[2] = scores[2] + 0.5 where is_decided[2]")
        )
    assert [each.differs for each in (await replay_after(FIRST, 20_000, books_of)).shown] == [("score",)] * 3


async def test_a_visit_is_joined_to_what_a_run_decided(city: City, result: Callable[..., Any]) -> None:
    """After a run nearly every entity's newest decision is the run's."""
    await city.promote()
    await city.runner()(MONTH)
    states = await city.states()
    visit = {"occurred_on_day": DAY + 400, "occurred_at_ms": (DAY + 400) * 86_400_000}
    drawn = result(1, uscc=CODES[5], class_at_draw=states[CODES[5]][2], **visit)
    reported = result(2, uscc=CODES[6], stratum="reported", probability=None, **visit)

    async with city.store.open() as work:
        await record_results([drawn, reported], work, city.catalogue)

    rows = await city.store.rows(
        "select uscc, class_at_draw, decision_number, score, model_id from review_result order by 1"
    )
    expected = [(uscc, states[uscc][2], 2, states[uscc][1], "general@2") for uscc in (CODES[5], CODES[6])]
    assert rows == expected


async def test_review_sees_what_a_run_moved(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """A promotion that a run carries out moves the city: distribution, migration, and who left D."""
    await run(city.store, change(80, uscc=CODES[1], regulatory_penalties_12m=9, social_complaints_12m=30))
    before = await city.states()
    await city.promote()
    await city.runner()(MONTH)
    later = change(90, uscc=CODES[2], business_day=DAY + 20, regulatory_serious_listed_now=1)
    city.store.cache.clear()
    await run(city.store, later, at_ms=NOW_MS + 30 * 86_400_000)
    after, reads = await city.states(), ReviewReads(city.bus.engine)
    counted = [uscc for uscc in CODES if uscc != CODES[3]]

    then, now = await reads.scores_on(MONTH - timedelta(days=1), None), await reads.scores_on(MONTH, None)
    moves = await reads.moves(MONTH - timedelta(days=1), EPOCH + timedelta(days=DAY + 20), None)

    assert then == {"general@1": Counter(before[uscc][1] for uscc in counted)}
    assert now == {"general@2": Counter(before[uscc][1] + 50 for uscc in counted)}
    told = Counter((before[uscc][2], after[uscc][2]) for uscc in counted)
    assert {(move.before, move.after): move.entities for move in moves} == told
    assert await reads.left_d(EPOCH, MONTH, None) == (0, 0)
    assert await reads.left_d(EPOCH, EPOCH + timedelta(days=DAY + 20), None) == (1, 0)


async def test_review_does_not_see_the_later_class_of_who_a_run_left(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """The run stood before a class of the days after it; on its own day the entity was classed as before."""
    await run(city.store, change(90, uscc=CODES[2], business_day=DAY + 11, regulatory_serious_listed_now=1))
    await city.runner()(MONTH)
    reads = ReviewReads(city.bus.engine)

    moves = await reads.moves(EPOCH + timedelta(days=DAY), MONTH, None)

    assert all(move.before == move.after for move in moves)
    assert sum(move.entities for move in moves) == ENTITIES - 1


async def test_who_left_d_by_a_run_is_counted(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """A weight that was too heavy is taken away, and a run carries it out."""
    await run(city.store, change(80, uscc=CODES[1], regulatory_serious_listed_now=1))
    lighter = {**city.second.definition, "overrides": [], "base": 0}
    city.second = model_of(lighter, city.catalogue)
    await city.promote()
    await city.runner()(MONTH)

    assert (await city.states())[CODES[1]][2] != "D"
    assert await ReviewReads(city.bus.engine).left_d(EPOCH, MONTH, None) == (1, 1)


async def test_an_objection_to_a_record_finds_what_it_moved_after_a_run(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """The decision before it was a run's; one penalty does not take all items out of the score."""
    await city.promote()
    await city.runner()(MONTH)
    values = {"regulatory_penalties_12m": 1 + 5 % 4, "social_complaints_12m": 5 // 4}
    event = change(90, uscc=CODES[5], cause="market-penalties|P-9", business_day=DAY + 11, **values)
    city.store.cache.clear()
    await run(city.store, event)

    async with city.store.open() as work:
        ((before, after, _),) = await work.interventions.changes_by(CODES[5], "market-penalties|P-9")

    other = np.flatnonzero(~((before == after) | (np.isnan(before) & np.isnan(after))))
    assert [city.catalogue.indicators[place].code for place in other] == ["regulatory.penalties_12m"]


async def test_important_matters_of_sectors_know_who_was_judged_by_a_run(
    city: City, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]], shipped: Any
) -> None:
    """They are the same whether a run or events judged the members."""
    food = next(each for each in shipped if each.id == "food_production@1")
    async with city.store.open() as work:
        await work.add_model(food, datetime.now(UTC))
        await work.promote(food, PromotedAt(DAY - 10, datetime.now(UTC), "one", "another"))
        await work.name_sets()
    bad = {"food_production_member": 1, "regulatory_penalties_12m": 9, "regulatory_serious_listed_now": 1}
    await run(city.store, *(change(80, uscc=uscc, **bad) for uscc in CODES[4:7]))
    reads = SectorReads(city.bus.engine, packs.shipped_widths())
    by_events = await reads.at_risk(None)
    city.second = model_of({**city.second.definition, "base": 151}, city.catalogue)
    await city.promote()

    await city.runner()(MONTH)

    by_run = await reads.at_risk(None)
    assert by_events
    assert by_run[0].models != by_events[0].models
    np.testing.assert_array_equal(by_run[0].values, by_events[0].values)
