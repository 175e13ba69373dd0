"""The unit of work on PostgreSQL behaves as the fake does, and the store's own promises hold."""

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from classification_service import tables
from classification_service.errors import ChangedModel
from classification_service.model.governing import Stored
from classification_service.model.judgement import UNKNOWN, Head, IndicatorsChanged
from classification_service.model.review import InspectionResult
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging import Given, judge, judge_again
from classification_service.rules.reading import judging_hash
from classification_service.rules.scoring import Scorer
from classification_service.store import packs
from classification_service.store.books import books
from classification_service.store.heads import HeadCache
from classification_service.use_cases.classify import classify
from classification_service.use_cases.promote import register_models
from classification_service.use_cases.review import record_results
from eventbus import SqlBooks
from msgspec.structs import replace
from sqlalchemy import text

USCC = "91510104YY000001XM"
OTHER = "91510117YY0000028G"
NOW_MS = 1_790_000_000_000


@pytest.fixture(params=["memory_store", "sql_store"])
def store(request: pytest.FixtureRequest):
    """Either store: they must pass the same suite."""
    return request.getfixturevalue(request.param)


async def heads(store: Any, *usccs: str):
    async with store.open() as unit_of_work:
        return await unit_of_work.heads(usccs)


async def test_heads_are_as_they_were_saved(
    store: Any, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """The next event is judged against exactly what was decided."""
    await run(store, change(1), change(2, regulatory_serious_listed_now=1), change(7, uscc=OTHER))

    found = await heads(store, USCC, OTHER, "91510107YY0000099A")

    assert set(found) == {USCC, OTHER}
    assert found[USCC].profile_version == 2
    assert (found[USCC].risk_class, found[USCC].override_code) == (4, "serious_listing")
    assert (found[USCC].decision_number, found[USCC].change_number) == (2, 2)
    assert found[OTHER].area_code == "510104"


async def test_decisions_are_numbered_without_gaps(
    store: Any, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """The audit counts them against the entity's own number."""
    await run(store, change(1), change(2), change(3, social_complaints_12m=1))
    await run(store, change(4, regulatory_serious_listed_now=1))

    assert await store.decisions() == [
        (USCC, 1, 165.0, ""),
        (USCC, 2, 201.0, ""),
        (USCC, 3, 165.0, "serious_listing"),
    ]


@pytest.mark.parametrize("believed", [UNKNOWN, replace(UNKNOWN, profile_version=4)])
async def test_a_state_changed_by_another_writer_stops_the_batch_whole(
    store: Any,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    scorer_set: ScorerSet,
    believed: Head,
) -> None:
    """Two writers of one entity would number two decisions alike; nothing of the batch may stay."""
    await run(store, change(5))
    stale = judge(
        Given([change(6), change(1, uscc=OTHER)], {USCC: believed}, scorer_set), decided_at_ms=NOW_MS
    )

    with pytest.raises(store.stale):
        async with store.open() as unit_of_work:
            await unit_of_work.save(stale)

    assert (await heads(store, USCC, OTHER))[USCC].profile_version == 5
    assert [uscc for uscc, *_ in await store.decisions()] == [USCC]


async def test_two_batches_in_one_transaction_see_each_other(
    store: Any, change: Callable[..., IndicatorsChanged]
) -> None:
    """Results between two runs of indicators split a batch; the second part follows the first."""
    async with store.open() as unit_of_work:
        await classify([change(1)], unit_of_work, decided_at_ms=NOW_MS)
        await classify([change(2, social_complaints_12m=1)], unit_of_work, decided_at_ms=NOW_MS)

    assert [number for _, number, _, _ in await store.decisions()] == [1, 2]
    assert (await heads(store, USCC))[USCC].profile_version == 2


async def test_a_result_is_kept_once(
    store: Any, result: Callable[..., InspectionResult], catalogue: Catalogue
) -> None:
    """Replays must not move a discovery rate."""
    async with store.open() as unit_of_work:
        await record_results([result(1), result(2)], unit_of_work, catalogue)
    async with store.open() as unit_of_work:
        await record_results([result(2, is_problem=True), result(3)], unit_of_work, catalogue)

    assert await store.result_ids() == ["r-1", "r-2", "r-3"]


async def test_models_are_kept_with_their_hash(store: Any, general: RiskModel) -> None:
    """The hash in the books is what a changed file is caught by."""
    later = dataclasses.replace(general, version=2)
    async with store.open() as unit_of_work:
        await unit_of_work.add_model(later, datetime(2026, 11, 1, tzinfo=UTC))

    async with store.open() as unit_of_work:
        stored = (await unit_of_work.lock_models())["general@2"]
        assert stored == Stored(later.sha256, judging_hash(later.definition), own=False)


async def test_a_transaction_that_failed_leaves_no_copy_in_memory(
    sql_store: Any,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
) -> None:
    """A copy of what was never committed would number the next decision wrongly."""
    await run(sql_store, change(1))

    with pytest.raises(ZeroDivisionError):
        await classify_and_fail(sql_store, change(2))
    await run(sql_store, change(2, regulatory_serious_listed_now=1))

    assert [number for _, number, _, _ in await sql_store.decisions()] == [1, 2]


async def classify_and_fail(store: Any, change: IndicatorsChanged) -> None:
    async with store.open() as unit_of_work:
        await classify([change], unit_of_work, decided_at_ms=NOW_MS)
        raise ZeroDivisionError


async def test_the_copy_in_memory_is_bounded_and_refills_itself(
    sql_store: Any, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """A city of millions does not fit; whoever is forgotten is read again."""
    sql_store.cache = HeadCache(limit=4)
    usccs = [f"91510104YY{number:08d}" for number in range(20)]
    for uscc in usccs:
        await run(sql_store, change(1, uscc=uscc))

    await run(sql_store, *[change(2, uscc=uscc, social_complaints_12m=1) for uscc in usccs[:2]])

    assert len(sql_store.cache) <= 4
    assert (await heads(sql_store, usccs[0]))[usccs[0]].decision_number == 2


async def test_state_updates_stay_on_their_page(
    sql_store: Any, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """An index on a changing column would cost a tenth of the throughput."""
    for version in range(1, 6):
        await run(sql_store, change(version, social_complaints_12m=version))

    indexes = await sql_store.rows("select indexname from pg_indexes where tablename = 'state'")

    assert indexes == [("state_pkey",)]


async def test_the_books_agree_until_a_row_is_taken_away(
    sql_store: Any,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    result: Callable[..., InspectionResult],
    catalogue: Catalogue,
) -> None:
    """The audit compares these keys; one row less must show."""
    await run(sql_store, change(1), change(2, social_complaints_12m=1), change(9, uscc=OTHER))
    async with sql_store.open() as unit_of_work:
        await record_results([result(1)], unit_of_work, catalogue)
    shelf = books(sql_store.engine)

    before = [await shelf.digests(name) for name in ("decisions_expected", "decisions")]
    async with sql_store.engine.begin() as connection:
        await connection.execute(text("set local session_replication_role = replica"))  # no trigger guards it
        await connection.execute(text("delete from decision where number = 2"))
    after = [await shelf.digests(name) for name in ("decisions_expected", "decisions")]

    assert before[0] == before[1]
    assert after[0] != after[1]
    keys = {name: await all_keys(shelf, name) for name in ("states", "class_heads", "reviewed")}
    assert keys["states"] == [f"{USCC}|2", f"{OTHER}|9"]
    assert keys["class_heads"] == [f"{USCC}|1", f"{OTHER}|1"]
    assert keys["reviewed"] == ["r-1"]


async def all_keys(shelf: SqlBooks, name: str) -> list[str]:
    found = [await shelf.keys(name, digest.bucket) for digest in await shelf.digests(name)]
    return sorted(key for bucket in found for key, _ in bucket)


async def test_the_tables_read_are_those_migrated(sql_store: Any) -> None:
    """What SQLAlchemy believes and what the migrations made must not drift apart."""
    found = await sql_store.rows(
        "select table_name, column_name, is_nullable from information_schema.columns where table_schema = 'public'"
    )

    believed = {
        (table.name, column.name, "YES" if column.nullable else "NO")
        for table in tables.metadata.tables.values()
        for column in table.columns
    }
    own = {row for row in found if row[0] in tables.metadata.tables}
    assert own == believed


async def test_a_stored_model_that_was_tampered_with_stops_the_start(
    sql_store: Any, general: RiskModel, catalogue: Catalogue
) -> None:
    """Old decisions are explained by what is stored; it must be what was approved."""
    async with sql_store.open() as unit_of_work:
        await register_models([general], unit_of_work, now=datetime(2026, 11, 1, tzinfo=UTC))
    async with sql_store.engine.connect() as connection:
        stored = await packs.StoredModels.load(connection, catalogue)
    async with sql_store.engine.begin() as connection:
        await connection.execute(text("set local session_replication_role = replica"))  # no trigger guards it
        await connection.execute(
            text("""update model set definition = jsonb_set(definition, '{base}', '100')""")
        )

    async with sql_store.engine.connect() as connection:
        with pytest.raises(ChangedModel):
            await packs.StoredModels.load(connection, catalogue)

    assert stored.get("general@1") == general


async def test_two_parts_of_a_transaction_save_each_its_own(
    sql_store: Any,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    general: RiskModel,
    catalogue: Catalogue,
) -> None:
    """What one part staged must not be merged once more by the next: it would wait for its own doing for ever."""
    await run(sql_store, change(1), change(1, uscc=OTHER))
    later = ScorerSet([Scorer(dataclasses.replace(general, version=2), catalogue)])

    async with sql_store.open() as unit_of_work:
        heads = await unit_of_work.heads([USCC, OTHER])
        for uscc in (USCC, OTHER):
            given = Given([change(1, uscc=uscc)], heads, later)
            await unit_of_work.save(judge_again(given, decided_at_ms=NOW_MS))

    assert await sql_store.rows("select distinct model_id, decision_number from state") == [("general@2", 1)]
