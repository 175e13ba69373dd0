"""What-ifs over a copy of the city: what they say is what a run then does."""

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from city_of_twelve import CODES, DAY, ENTITIES, EPOCH, MONTH, NOW_MS, RATIOS, City
from classification_service.errors import Unanswerable
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import RiskModel
from classification_service.rules.what_if import draft_of
from classification_service.store.city.scanning import Scan
from classification_service.store.city.what_ifs import SqlWhatIfs
from classification_service.store.in_force import RulesInForce
from classification_service.use_cases.review import record_results
from classification_service.use_cases.what_if import Asked, what_if
from sqlalchemy import text


async def test_a_what_if_says_what_the_run_then_does(city: City) -> None:
    """What was promised to who approved the draft is what happens when it comes into force."""
    await city.snapshots.take()
    cities = SqlWhatIfs(city.bus.engine, city.snapshots, RulesInForce(city.catalogue), city.catalogue)

    answer = await what_if(Asked(city.second, None, RATIOS, "someone"), city.catalogue, cities)

    await city.promote()
    before = await city.states()
    await city.runner()(MONTH)
    after = await city.states()
    counted = [uscc for uscc in CODES if uscc != CODES[3]]
    for letter in "ABCD":
        assert answer["mix"]["now"][letter] == sum(before[uscc][2] == letter for uscc in counted)
        assert answer["mix"]["then"][letter] == sum(after[uscc][2] == letter for uscc in counted)
    moved = [uscc for uscc in counted if before[uscc][2] != after[uscc][2]]
    assert answer["movers"] == len(moved) > 0
    assert [row.uscc for row in await cities.movers(answer["id"], "", 99, (None, None))] == moved
    assert await cities.movers(answer["id"], "", 99, ("510117", None)) == []
    assert len(await cities.movers(answer["id"], moved[0], 1, ("510104", "H"))) == min(1, len(moved) - 1)
    assert await cities.kept(answer["id"]) == json.loads(json.dumps(answer))


async def test_a_draft_with_shares_is_cut_in_this_city(city: City, general: RiskModel) -> None:
    """Percentile cuts are for the city they are taken from; the same cuts are then written down."""
    await city.snapshots.take()
    cities = SqlWhatIfs(city.bus.engine, city.snapshots, RulesInForce(city.catalogue), city.catalogue)
    draft = replace(city.second, cuts=None, shares=(0.5, 0.8, 0.9))

    answer = await what_if(Asked(draft, None, RATIOS, "someone"), city.catalogue, cities)

    assert answer["cuts"] == sorted(answer["cuts"])
    assert answer["mix"]["then"]["A"] <= 0.5 * (ENTITIES - 1)
    assert sum(answer["mix"]["then"].values()) == ENTITIES - 1


async def test_a_working_copy_and_a_month_of_the_same_city_give_the_same_answer(city: City) -> None:
    """The one keeps what is not zero, to be read in place, the other columns that any engine reads."""
    await city.runner()(MONTH)
    month = await city.snapshots.newest()
    copy = await city.snapshots.take()
    force = await SqlWhatIfs(
        city.bus.engine, city.snapshots, RulesInForce(city.catalogue), city.catalogue
    ).in_force()
    draft = draft_of(force.scorers.on(DAY + 10), city.second, city.catalogue)

    found = [
        Scan(city.snapshots.files, city.catalogue, replace(each, business_day=MONTH), {}).compare(
            draft, city.folder / f"{each.id}.parquet"
        )
        for each in (month, copy)
    ]

    assert pq.read_table(city.folder / f"{month.id}.parquet") == pq.read_table(
        city.folder / f"{copy.id}.parquet"
    )
    assert found[0].movers == found[1].movers > 0
    np.testing.assert_array_equal(found[0].moves.all, found[1].moves.all)
    np.testing.assert_array_equal(found[0].moves.visits, found[1].moves.visits)
    assert list((city.folder / copy.path).glob("values-*.arrow"))


async def test_a_list_of_movers_has_a_term_and_what_was_found_stays(city: City) -> None:
    """The evidence of an approval is small; the list of who would move is not."""
    await city.snapshots.take()
    cities = SqlWhatIfs(city.bus.engine, city.snapshots, RulesInForce(city.catalogue), city.catalogue)
    asked = Asked(city.second, None, RATIOS, "someone")
    old = await what_if(asked, city.catalogue, cities)
    (listed,) = (city.folder / "what-if").glob("*.parquet")
    os.utime(listed, times=(0, 0))

    new = await what_if(asked, city.catalogue, cities)

    assert not listed.exists()
    with pytest.raises(Unanswerable, match="90 days"):
        await cities.movers(old["id"], "", 9, (None, None))
    assert await cities.movers(new["id"], "", 9, (None, None))
    assert (await cities.kept(old["id"]))["movers"] == old["movers"]


async def test_what_a_visit_found_does_not_enter_the_back_test(
    city: City,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    result: Callable[..., Any],
) -> None:
    """A draft that knows the visit's outcome would find every problem."""
    async with city.store.open() as work:
        drawn = (datetime.fromtimestamp(1_790_000_000, UTC).date() - EPOCH).days + 3
        seen_at = {"occurred_on_day": drawn, "occurred_at_ms": drawn * 86_400_000}
        found = result(1, uscc=CODES[0], is_problem=True, **seen_at)
        await record_results([found], work, city.catalogue)
    later = 1_790_000_000_000 + 10 * 86_400_000
    await run(city.store, change(90, uscc=CODES[0], regulatory_serious_listed_now=1), at_ms=later)
    await city.snapshots.take()
    cities = SqlWhatIfs(city.bus.engine, city.snapshots, RulesInForce(city.catalogue), city.catalogue)

    answer = await what_if(Asked(city.second, None, RATIOS, "someone"), city.catalogue, cities)

    assert answer["discovery"]["then"]["D"]["valid"] == 0
    assert sum(each["valid"] for each in answer["discovery"]["then"].values()) == 1


async def test_the_back_test_knows_what_a_run_decided_before_the_visit(
    city: City, result: Callable[..., Any]
) -> None:
    """After a run the older decision's values are stale, or of another class than at the draw."""
    await city.promote()
    await city.runner()(MONTH)
    drawn = (datetime.fromtimestamp(NOW_MS / 1000, UTC).date() - EPOCH).days + 3
    cities = SqlWhatIfs(city.bus.engine, city.snapshots, RulesInForce(city.catalogue), city.catalogue)
    async with city.store.engine.begin() as connection:
        await connection.execute(text("set local session_replication_role = replica"))
        await connection.execute(text("delete from decision"))
    async with city.store.open() as work:
        letter = (await city.states())[CODES[5]][2]
        seen_at = {"occurred_on_day": drawn, "occurred_at_ms": drawn * 86_400_000}
        visit = result(1, uscc=CODES[5], class_at_draw=letter, is_problem=True, **seen_at)
        await record_results([visit], work, city.catalogue)
    await city.snapshots.take()

    answer = await what_if(Asked(city.second, None, RATIOS, "someone"), city.catalogue, cities)

    assert sum(each["valid"] for each in answer["discovery"]["then"].values()) == 1
