"""Monthly runs and snapshots on PostgreSQL and on the disk: nothing doubled, nothing lost, nothing overwritten."""

import asyncio
import hashlib
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from classification_service.errors import DayNotFree, Unanswerable
from classification_service.main import alone, bus_of
from classification_service.model.city import Tally
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue, PromotedAt, RiskModel
from classification_service.model.what_if import Ratio
from classification_service.rules.reading import model_of
from classification_service.rules.what_if import draft_of
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.books import books
from classification_service.store.city.files import SnapshotFiles
from classification_service.store.city.runs import SqlRuns, StretchWork
from classification_service.store.city.scanning import Scan
from classification_service.store.city.snapshots import Snapshots
from classification_service.store.city.what_ifs import SqlWhatIfs
from classification_service.store.in_force import RulesInForce, moved
from classification_service.store.model_sets import ModelSets
from classification_service.store.points import DerivedPoints
from classification_service.store.reads import Reads
from classification_service.store.replays import ReplayReads
from classification_service.store.review_reads import ReviewReads
from classification_service.store.sector_reads import SectorReads
from classification_service.use_cases.monthly_run import MonthlyRunner
from classification_service.use_cases.replay import FIRST, replay_after, replay_sample
from classification_service.use_cases.review import record_results
from classification_service.use_cases.what_if import Asked, what_if
from classification_service.worker import MonthlyWorker
from eventbus import Transient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

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
        rows = await self.store.rows("select uscc, number from decided order by 1, 2")
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
RATIOS |= {
    name: Ratio(share, "", "") for name, share in (("key", 1.0), ("observed", 0.05), ("uniform", 0.03))
}


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


async def test_a_copy_that_is_read_stays_until_it_was_read(city: City) -> None:
    """Its files would go from under a what-if at work."""
    oldest = await city.snapshots.take()

    async with city.snapshots.held(oldest.id):
        for _ in range(3):
            await city.snapshots.take()
        assert (city.folder / oldest.path).exists()
    await city.snapshots.take()

    assert not (city.folder / oldest.path).exists()
    with pytest.raises(Unanswerable):
        async with city.snapshots.held(oldest.id):
            pass


async def test_classes_of_a_copy_that_is_gone_are_not_read(city: City) -> None:
    """While they are read it stays; who comes later is told."""
    copy = await city.snapshots.take()
    snapshots, there = city.snapshots, []
    reading = snapshots.files.classes

    def slowly(*asked: Any) -> Any:
        there.append(asyncio.run_coroutine_threadsafe(take_more(city), loop).result(60))
        return reading(*asked)

    loop, snapshots.files.classes = asyncio.get_running_loop(), slowly
    assert len(await snapshots.classes(copy.id, "", ENTITIES, None)) == ENTITIES
    await city.snapshots.take()

    assert (city.folder / copy.path).exists() is False
    with pytest.raises(Unanswerable):
        await city.snapshots.classes(copy.id, "", ENTITIES, None)


async def take_more(city: City) -> None:
    """As many copies as are kept."""
    for _ in range(3):
        await city.snapshots.take()


async def test_a_copy_cleared_away_while_it_was_taken_is_not_called_taken(city: City) -> None:
    """Whoever asked would be given a copy that is not there."""
    async with city.bus.engine.begin() as connection:
        number = await city.snapshots.begin(connection, "working", MONTH, datetime.now(UTC))
        await connection.execute(
            text("update snapshot set deleted_at = now() where id = :id"), {"id": number}
        )

        with pytest.raises(Unanswerable, match="cleared away"):
            await city.snapshots.complete(connection, number, [], (Tally(0, counts=(0, 0, 0, 0)), []))

    assert list(city.folder.glob("*")) == []


def test_what_a_crash_left_unfinished_is_in_nobodys_way_and_goes_in_time(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """It is closed to writing already; what another process may still be writing is left to it."""
    files, now = SnapshotFiles(tmp_path, catalogue), datetime.now(UTC).timestamp()
    folder = files.path("a")
    folder.mkdir()
    for name, age in (
        ("manifest.json", 7200),
        ("part-00000-a.parquet.1", 7200),
        ("part-00000-a.parquet.2", 0),
    ):
        left = folder / f"{name}.unfinished"
        left.touch(0o444)
        os.utime(left, (now - age, now - age))

    files.seal("a", [], {})
    files.seal("a", [], {})

    there = {path.name for path in folder.iterdir()}
    assert there == {"manifest.json", "part-00000-a.parquet.2.unfinished"}
    assert files.manifest("a")["parts"] == []


def test_a_file_that_another_process_clears_first_is_gone_all_the_same(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replicas clear the same folder, and each lists it before it looks."""
    files = SnapshotFiles(tmp_path, catalogue)
    (tmp_path / "a").touch()
    listed = [tmp_path / "gone", tmp_path / "a"]
    monkeypatch.setattr(Path, "glob", lambda _, __: iter(listed))

    files.clear("", datetime.now(UTC) + timedelta(hours=1))

    assert not (tmp_path / "a").exists()


def test_a_part_whose_manifest_says_nothing_of_values_has_none_beside_it(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """Months have their values in the part."""
    files = SnapshotFiles(tmp_path, catalogue)
    (tmp_path / "manifest.json").write_text(json.dumps({"parts": [{"name": "part"}]}))

    assert files.scanned("") == [(tmp_path / "part", None)]


async def test_what_was_cut_short_is_cleared_away(city: City) -> None:
    """Half a copy is read by nobody, and fills the disk for ever."""
    async with city.bus.engine.begin() as connection:
        then = datetime.now(UTC) - timedelta(hours=2)
        number = await city.snapshots.begin(connection, "working", MONTH, then)
        under_way = await city.snapshots.begin(connection, "working", MONTH, datetime.now(UTC))
    (cut_short,) = await city.snapshots.some(number)
    (city.folder / cut_short.path).mkdir()

    await city.snapshots.take()

    assert not (city.folder / cut_short.path).exists()
    gone = await city.store.rows("select id from snapshot where deleted_at is not null")
    assert gone == [(number,)]
    assert under_way != number


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


async def test_a_version_promoted_meanwhile_judges_none_of_a_run(city: City) -> None:
    """A month is judged by one set of models, which it says."""
    begun = await city.runs().begin(MONTH)
    await city.promote()

    done = await city.runner()(MONTH)

    assert {model for *_, model, _ in (await city.states()).values()} == {"general@1"}
    assert done.set_code == begun.set_code
    assert (await city.snapshots.newest()).models == ["general@1"]


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


@pytest.mark.parametrize("name", ["part-*", "manifest.json"])
async def test_a_file_that_is_not_as_it_was_written_is_not_read(city: City, name: str) -> None:
    """What was believed then is not what a changed file says."""
    await city.runner()(MONTH)
    snapshot = await city.snapshots.newest()
    file = next((city.folder / snapshot.path).glob(name))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    assert file.stat().st_mode & 0o222 == 0
    file.chmod(0o644)
    file.write_bytes(content)

    with pytest.raises(Unanswerable, match="not as it was written"):
        await city.snapshots.classes(snapshot.id, "", 3, None)


async def test_what_a_process_left_of_a_stretch_it_lost_is_no_part_of_the_snapshot(city: City) -> None:
    """Its thread may go on writing when the stretch is somebody else's long since: under another name."""
    with pytest.raises(ExceptionGroup):
        await city.runner(dying(city.runs(), "make", 0))(MONTH)
    await city.promote()
    stray = next(city.folder.glob("*/part-00000-*"))
    await city.runner()(MONTH)

    snapshot = await city.snapshots.newest()

    said = json.loads((city.folder / snapshot.path / "manifest.json").read_bytes())
    there = {file.name for file in (city.folder / snapshot.path).glob("part-*")}
    assert there == {part["name"] for part in said["parts"]}
    assert len(there) == 3
    assert stray.parent.name == snapshot.path


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


async def test_a_city_that_ends_with_a_stretch_is_run_whole(city: City) -> None:
    """The last stretch is for those who come meanwhile, and may be empty."""
    await city.promote()
    runs = SqlRuns(city.bus.transaction, RulesInForce(city.catalogue), city.snapshots, stretch=6)

    run = await city.runner(runs)(MONTH)

    assert (run.tally.entities, run.left, run.ended_at is not None) == (ENTITIES, 0, True)
    assert (await city.snapshots.newest()).entities == ENTITIES


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
