"""Monthly runs on PostgreSQL and on the disk: everybody is judged, once, and every decision is kept."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from city_of_twelve import CODES, DAY, ENTITIES, EPOCH, MONTH, NOW_MS, RATIOS, SET_BY_HAND, City
from classification_service.errors import DayNotFree
from classification_service.model.risk_model import PromotedAt, RiskModel
from classification_service.rules.reading import model_of
from classification_service.store import packs
from classification_service.store.books import books
from classification_service.store.city.runs import SqlRuns
from classification_service.store.city.what_ifs import SqlWhatIfs
from classification_service.store.in_force import RulesInForce, moved
from classification_service.store.model_sets import ModelSets
from classification_service.store.points import DerivedPoints
from classification_service.store.reads import Reads
from classification_service.use_cases.what_if import Asked, what_if
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError


async def test_a_run_judges_everybody_by_the_models_in_force_and_keeps_every_decision(city: City) -> None:
    """A new version judges who has no new facts with the next monthly run."""
    before = await city.states()
    await city.promote()

    run = await city.runner()(MONTH)

    after = await city.states()
    assert run.ended_at is not None
    assert run.tally.entities == ENTITIES
    assert {model for *_, model, _ in after.values()} == {"general@1", "general@2"}
    assert after[CODES[3]] == before[CODES[3]]  # cancelled: final
    others = [uscc for uscc in CODES if uscc != CODES[3]]
    assert all(after[uscc][1] == before[uscc][1] + 50 for uscc in others)
    assert all(after[uscc][3] == 2 for uscc in others)
    assert await city.decided() == sorted([(uscc, 1) for uscc in CODES] + [(uscc, 2) for uscc in others])
    assert run.tally.decided == len(others)
    assert await city.events() == run.tally.announced


async def test_a_run_asked_for_again_does_nothing(city: City) -> None:
    """Whoever is not sure whether it went through asks again."""
    await city.promote()
    first = await city.runner()(MONTH)
    decided, events = await city.decided(), await city.events()

    again = await city.runner()(MONTH)

    assert again == first
    assert (await city.decided(), await city.events()) == (decided, events)


@pytest.mark.parametrize("days", [-7, 32, 3650])
async def test_no_month_is_judged_that_is_over_or_far_ahead(city: City, days: int) -> None:
    """A wrong year would be frozen for good, and every later run and promotion would have to wait for it."""
    with pytest.raises(DayNotFree):
        await city.runner()(EPOCH + timedelta(days=DAY + days))

    assert await city.runs().runs() == []


async def test_a_month_is_judged_on_its_last_late_day(city: City) -> None:
    """Some are judged for the day itself by then."""
    (cadence,) = packs.shipped_cadences()
    day = EPOCH + timedelta(days=DAY - cadence.day_of_month - cadence.days_late)

    assert (await city.runs().begin(day)).business_day == day


async def test_a_month_of_nobody_is_refused(city: City) -> None:
    """It would be empty, and stand for good."""
    async with city.store.engine.begin() as connection:
        await connection.execute(text("truncate state"))

    with pytest.raises(DayNotFree, match="nobody is judged yet"):
        await city.runs().begin(MONTH)

    assert await city.runs().runs() == []


async def test_without_new_models_only_what_is_otherwise_is_written(city: City) -> None:
    """Most months change little, and what is the same leaves no trace but the snapshot."""
    before = await city.states()

    run = await city.runner()(MONTH)

    assert (run.tally.moved, run.tally.decided, run.tally.announced) == (0, 0, 0)
    assert await city.states() == before
    assert (await city.snapshots.newest()).entities == ENTITIES


async def test_a_decision_of_a_run_is_read_like_any_other_and_adds_up(city: City) -> None:
    """An entity's history does not show where it is kept; points follow from values and models."""
    await city.promote()
    await city.runner()(MONTH)
    widths = packs.shipped_widths()
    reads = Reads(city.bus.engine, widths, DerivedPoints(ModelSets(city.catalogue)))

    newest, *older = await reads.decisions(CODES[5], 2**31 - 1, 10)

    state = await reads.state(CODES[5])
    assert [newest.number, *[each.number for each in older]] == [2, 1]
    assert newest == await reads.decision(CODES[5], None)
    assert older[0] == await reads.decision(CODES[5], datetime.fromtimestamp(NOW_MS / 1000 - 1, UTC))
    assert (newest.model_id, newest.cause) == ("general@2", f"monthly-run|{MONTH}")
    assert newest.values[: len(older[0].values)] == older[0].values or np.array_equal(
        newest.values, older[0].values, equal_nan=True
    )
    assert sum(newest.points) == newest.score == state.score == older[0].score + 50
    assert newest.previous_class == older[0].risk_class
    assert (newest.business_day, newest.established_on) == (MONTH, older[0].established_on)
    assert newest.profile_version == older[0].profile_version
    assert newest.recorded_at == older[0].recorded_at


async def test_the_books_count_the_decisions_of_runs(city: City) -> None:
    """The audit compares what entities say of themselves with the decisions that are there."""
    await city.promote()
    await city.runner()(MONTH)
    kept = books(city.bus.engine)

    assert await kept.digests("decisions") == await kept.digests("decisions_expected")
    assert await kept.digests("models_used") == await kept.digests("models_kept")


async def test_what_people_decided_holds_in_a_run_and_is_named_by_the_decision(
    city: City, general: RiskModel
) -> None:
    """A run is no way around a person's decision; such decisions are kept row by row."""
    await city.promote()
    async with city.store.engine.begin() as connection:
        number = (await connection.execute(text(SET_BY_HAND), {"uscc": CODES[0]})).scalar_one()
        await moved(connection)

    await city.runner()(MONTH)

    rows = await city.store.rows("select uscc, number, class, interventions from decision where number = 2")
    assert rows == [(CODES[0], 2, "C", str(number))]
    assert (await city.states())[CODES[0]][2] == "C"
    months = await city.snapshots.monthly(CODES[0])
    assert [(month.risk_class, month.was_decided) for month in months] == [("C", False)]
    decided = await city.decided()
    assert len(decided) == len(set(decided)) == 2 * ENTITIES - 1


async def test_a_version_promoted_meanwhile_judges_none_of_a_run(city: City) -> None:
    """A month is judged by one set of models, which it says."""
    begun = await city.runs().begin(MONTH)
    await city.promote()

    done = await city.runner()(MONTH)

    assert {model for *_, model, _ in (await city.states()).values()} == {"general@1"}
    assert done.set_code == begun.set_code
    assert (await city.snapshots.newest()).models == ["general@1"]


@pytest.mark.parametrize(
    "change_of_it",
    [
        "update monthly_block set business_day = business_day",
        "delete from monthly_block",
        "update monthly_stretch set entities = 0",
        "delete from monthly_run",
        "update monthly_run set business_day = business_day - 1",
        "update snapshot set counts = '{}'",
        "delete from snapshot",
        "update decision set score = 0",
        "delete from decision",
        "update what_if set result = '{}'",
        "delete from what_if",
    ],
)
async def test_what_a_month_was_cannot_be_changed(city: City, change_of_it: str) -> None:
    """Not by a mistaken statement either."""
    await city.promote()
    await city.runner()(MONTH)
    cities = SqlWhatIfs(city.bus.engine, city.snapshots, RulesInForce(city.catalogue), city.catalogue)
    await what_if(Asked(city.second, None, RATIOS, "someone"), city.catalogue, cities)

    with pytest.raises(IntegrityError, match="never changed"):
        async with city.store.engine.begin() as connection:
            await connection.execute(text(change_of_it))


async def test_the_history_of_many_months_is_read_newest_first(city: City) -> None:
    """Each month adds one block to look into, and a page shows as many as it asks for."""
    await city.promote()
    await city.runner()(MONTH)
    third = model_of({**city.second.definition, "version": 3, "base": 250}, city.catalogue)
    async with city.store.open() as work:
        await work.add_model(third, datetime.now(UTC))
        await work.promote(third, PromotedAt(DAY + 11, datetime.now(UTC), "one", "another"))
        await work.name_sets()
    await city.runner()(MONTH + timedelta(days=30))
    reads = Reads(city.bus.engine, packs.shipped_widths(), DerivedPoints(ModelSets(city.catalogue)))

    page = await reads.decisions(CODES[5], 2**31 - 1, 2)

    assert [(each.number, each.model_id) for each in page] == [(3, "general@3"), (2, "general@2")]
    assert (await reads.decision(CODES[5], page[0].decided_at - timedelta(seconds=1))).number == 1
    assert [each.number for each in await reads.decisions(CODES[5], 3, 5)] == [2, 1]
    assert len(await city.snapshots.monthly(CODES[5])) == 2


async def test_a_city_that_ends_with_a_stretch_is_run_whole(city: City) -> None:
    """The last stretch is for those who come meanwhile, and may be empty."""
    await city.promote()
    runs = SqlRuns(city.bus.transaction, RulesInForce(city.catalogue), city.snapshots, stretch=6)

    run = await city.runner(runs)(MONTH)

    assert (run.tally.entities, run.left, run.ended_at is not None) == (ENTITIES, 0, True)
    assert (await city.snapshots.newest()).entities == ENTITIES
