"""Snapshots of the city on the disk: whole, unchanged, and gone in their time."""

import asyncio
import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from city_of_twelve import CODES, ENTITIES, MONTH, City, dying
from classification_service.errors import Unanswerable
from classification_service.model.city import Tally
from classification_service.model.risk_model import Catalogue
from classification_service.store.city.files import SnapshotFiles
from sqlalchemy import text


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
