"""Monthly runs and snapshots on PostgreSQL and on the disk: nothing doubled, nothing lost, nothing overwritten."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from classification_service.errors import DayNotFree
from classification_service.main import alone, bus_of
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue, PromotedAt, RiskModel
from classification_service.model.what_if import Ratio
from classification_service.rules.reading import model_of
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.books import books
from classification_service.store.city.files import SnapshotFiles
from classification_service.store.city.kept import MonthlyDecisions
from classification_service.store.city.runs import SqlRuns, StretchWork
from classification_service.store.city.snapshots import Snapshots
from classification_service.store.city.what_ifs import SqlWhatIfs
from classification_service.store.in_force import RulesInForce, moved
from classification_service.store.reads import Reads
from classification_service.use_cases.monthly_run import MonthlyRunner
from classification_service.use_cases.review import record_results
from classification_service.use_cases.what_if import Asked, what_if
from sqlalchemy import text

DAY = 20_600
EPOCH = date(1970, 1, 1)
MONTH = EPOCH + timedelta(days=DAY + 10)
NOW_MS = 1_795_000_000_000
ENTITIES = 12
SET_BY_HAND = """
    insert into intervention (uscc, kind, class, indicator, reason, evidence, expires_on, state, proposed_by,
                              proposed_at, decided_by, decided_at, moved_in)
    values (:uscc, 'manual', 'C', '', 'r', '{}', '2030-01-01', 'in_force', 'wang', now(), 'li', now(),
            (select generation + 1 from standing))
    returning id
"""
CODES = [f"91510104YY{number:08d}" for number in range(ENTITIES)]


@dataclass
class City:
    """A city of twelve on PostgreSQL, a folder, and a second version of the model."""

    store: Any
    bus: Any
    folder: Path
    catalogue: Catalogue
    second: RiskModel

    @property
    def snapshots(self) -> Snapshots:
        files = SnapshotFiles(self.folder, self.catalogue)
        return Snapshots(self.bus.engine, files, len(self.catalogue.indicators), stretch=5)

    def runs(self, rules: Any = None) -> SqlRuns:
        return SqlRuns(self.bus.transaction, rules or RulesInForce(self.catalogue), self.snapshots, stretch=5)

    def runner(self, runs: Any = None, exclusively: Any = alone) -> MonthlyRunner:
        return MonthlyRunner(runs or self.runs(), exclusively, lambda: NOW_MS, workers=1)

    async def promote(self) -> None:
        async with self.store.open() as work:
            await work.add_model(self.second, datetime.now(UTC))
            await work.promote(self.second, PromotedAt(DAY, datetime.now(UTC), "one", "another"))
            await work.name_sets()

    async def states(self) -> dict[str, tuple]:
        rows = await self.store.rows(
            "select uscc, profile_version, score, class, decision_number, change_number, model_id, flags from state"
        )
        return {uscc: rest for uscc, *rest in rows}

    async def decided(self) -> list[tuple[str, int]]:
        rows = await self.store.rows(
            "select uscc, number from decision union all "
            "select kept.uscc, kept.number from monthly_block, "
            "unnest(usccs, numbers, is_decided) as kept (uscc, number, decided) where kept.decided order by 1, 2"
        )
        return [tuple(row) for row in rows]

    async def events(self) -> int:
        return (
            await self.store.rows("select coalesce(sum(next - 1), 0) from lane, unnest(next_sequence) next")
        )[0][0]


@pytest.fixture
async def city(
    migrated_database: str,
    sql_store: Any,
    general: RiskModel,
    catalogue: Catalogue,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    tmp_path: Path,
) -> AsyncIterator[City]:
    changes = [
        change(number + 1, uscc=uscc, regulatory_penalties_12m=number % 4, social_complaints_12m=number // 4)
        for number, uscc in enumerate(CODES)
    ]
    changes[3] = change(4, uscc=CODES[3], status="cancelled", established_on_day=None)
    await run(sql_store, *changes)
    document = {**general.definition, "version": 2, "base": 200}
    bus = bus_of(Settings(database_url=migrated_database, kafka_bootstrap_servers="unused:1"))
    bus._relay = Silent()
    yield City(sql_store, bus, tmp_path, catalogue, model_of(document, catalogue))
    await bus.engine.dispose()


class Silent:
    """A relay that publishes nothing: what is to be published stays in the outbox."""

    def wake(self) -> None:
        """Nothing."""


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


@pytest.mark.parametrize("days", [-6, 32, 3650])
async def test_no_month_is_judged_that_is_over_or_far_ahead(city: City, days: int) -> None:
    """A wrong year would be frozen for good, and every later run and promotion would have to wait for it."""
    with pytest.raises(DayNotFree):
        await city.runner()(EPOCH + timedelta(days=DAY + days))

    assert await city.runs().runs() == []


async def test_without_new_models_only_what_is_otherwise_is_written(city: City) -> None:
    """Most months change little, and what is the same leaves no trace but the snapshot."""
    before = await city.states()

    run = await city.runner()(MONTH)

    assert (run.tally.moved, run.tally.decided, run.tally.announced) == (0, 0, 0)
    assert await city.states() == before
    assert (await city.snapshots.newest()).entities == ENTITIES


class Killed(Exception):
    """Stands for the end of the process."""


def dying(runs: SqlRuns, at: str, stretch: int) -> Any:
    """The same books, in a process that ends in the middle of a stretch."""

    class Dying:
        begin, end, runs_ = runs.begin, runs.end, runs.runs

        @asynccontextmanager
        async def work(self, run: Any) -> AsyncIterator[StretchWork]:
            async with runs.work(run) as work:
                claimed: list[int] = []
                claim, step = work.claim, getattr(work, at)

                async def claiming() -> Any:
                    found = await claim()
                    claimed.append(found.number if found else -1)
                    return found

                async def killed(*given: Any) -> Any:
                    result = await step(*given)
                    if claimed[-1] == stretch:
                        raise Killed
                    return result

                work.claim = claiming
                setattr(work, at, killed)
                yield work

    return Dying()


@pytest.mark.parametrize("at", ["read", "file", "keep", "write", "announce", "done"])
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


async def test_a_decision_of_a_run_is_read_like_any_other_and_adds_up(city: City) -> None:
    """An entity's history does not show where it is kept; points follow from values and models."""
    await city.promote()
    await city.runner()(MONTH)
    widths = packs.shipped_widths()
    reads = Reads(city.bus.engine, widths, MonthlyDecisions(city.bus.engine, city.catalogue, widths))

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


async def test_a_snapshot_is_read_by_any_engine_and_its_hashes_hold(city: City) -> None:
    """Years later nobody needs our code to see what was believed."""
    await city.promote()
    await city.runner()(MONTH)

    snapshot = await city.snapshots.newest()

    folder = city.folder / snapshot.path
    manifest = (folder / "manifest.json").read_bytes()
    said = json.loads(manifest)
    assert hashlib.sha256(manifest).hexdigest() == snapshot.sha256
    assert said["counts"] == snapshot.counts
    assert said["models"] == snapshot.models == ["general@2"]
    assert [part["entities"] for part in said["parts"]] == [5, 5, 2]
    for part in said["parts"]:
        assert hashlib.sha256((folder / part["name"]).read_bytes()).hexdigest() == part["sha256"]
    table = pq.read_table(folder / said["parts"][0]["name"])
    assert table["uscc"].to_pylist() == CODES[:5]
    assert table["regulatory.penalties_12m"].to_pylist()[:3] == [0, 1, 2]
    assert table["established_on"].to_pylist()[3] is None
    states = await city.states()
    assert table["score"].to_pylist() == [states[uscc][1] for uscc in CODES[:5]]


async def test_a_working_copy_is_the_city_as_it_stands(city: City) -> None:
    """A draft is tried on what is in force now, and may be tried before any month has ended."""
    snapshot = await city.snapshots.take()

    shown = await city.snapshots.classes(snapshot.id, CODES[1], 3, "510104")

    states = await city.states()
    assert (snapshot.kind, snapshot.is_complete, snapshot.entities) == ("working", True, ENTITIES)
    assert [row["uscc"] for row in shown] == CODES[2:5]
    assert [row["score"] for row in shown] == [states[uscc][1] for uscc in CODES[2:5]]
    assert await city.snapshots.classes(snapshot.id, "", 3, "510117") == []


async def test_old_working_copies_go_and_months_stay(city: City) -> None:
    """Copies are for trying drafts and fill the disk; what a month believed is kept for good."""
    await city.runner()(MONTH)
    taken = [await city.snapshots.take() for _ in range(5)]

    listed = await city.snapshots.some(limit=10)

    kept = {snapshot.id for snapshot in listed if snapshot.is_complete}
    month = next(snapshot for snapshot in listed if snapshot.kind == "monthly")
    assert kept == {month.id, *(snapshot.id for snapshot in taken[2:])}
    assert sorted(folder.name for folder in city.folder.iterdir()) == sorted(
        [month.path, *(snapshot.path for snapshot in taken[2:])]
    )


RATIOS = {name: Ratio(share, "", "") for name, share in zip("ABCD", (0.01, 0.05, 0.3, 0.6), strict=True)}
RATIOS |= {"key": Ratio(1.0, "", "")}


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
    assert [row["uscc"] for row in await cities.movers(answer["id"], "", 99, (None, None))] == moved
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


async def test_what_a_visit_found_does_not_enter_the_back_test(
    city: City,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    result: Callable[..., Any],
) -> None:
    """A draft that knows the visit's outcome would find every problem."""
    async with city.store.open() as work:
        drawn = (datetime.fromtimestamp(1_790_000_000, UTC).date() - EPOCH).days + 3
        found = result(1, uscc=CODES[0], is_problem=True, occurred_on_day=drawn)
        await record_results([found], work, city.catalogue)
    later = 1_790_000_000_000 + 10 * 86_400_000
    await run(city.store, change(90, uscc=CODES[0], regulatory_serious_listed_now=1), at_ms=later)
    await city.snapshots.take()
    cities = SqlWhatIfs(city.bus.engine, city.snapshots, RulesInForce(city.catalogue), city.catalogue)

    answer = await what_if(Asked(city.second, None, RATIOS, "someone"), city.catalogue, cities)

    assert answer["discovery"]["then"]["D"]["valid"] == 0
    assert sum(each["valid"] for each in answer["discovery"]["then"].values()) == 1


async def test_two_processes_share_a_run(city: City) -> None:
    """A stretch is somebody's or nobody's: two that are asked at once do it once."""
    await city.promote()

    await asyncio.gather(city.runner()(MONTH), city.runner()(MONTH))
    run = await city.runner()(MONTH)

    decided = await city.decided()
    assert len(decided) == len(set(decided)) == 2 * ENTITIES - 1
    assert run.ended_at is not None
    assert await city.events() == run.tally.announced
