"""Whether books and files say the same after a run."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
from eventbus import Bus
from sqlalchemy import text

from classification_service.model.city import Snapshot, Tally
from classification_service.store.city.files import MANIFEST, SnapshotFiles

_BOOKS = text("""
    select (select count(*) from state) as entities,
        (select sum(cardinality(usccs)) from monthly_block where run_id = :run) as block_rows,
        (select count(*) from (select unnest(usccs) as uscc, unnest(numbers) as number
                               from monthly_block where run_id = :run) kept
         join state on state.uscc = kept.uscc and state.decision_number = kept.number) as states_agree
""")
_GIVEN = text("""
    select (select sum(decision_number) from state) as numbers,
        (select count(*) from monthly_block, unnest(is_decided) as decided where decided)
        + (select count(*) from decision where number > 1) as decisions,
        (select sum(next) from lane, unnest(next_sequence) as next) as events
""")
_CLASSES = text("select class, count(*) from state group by class")


class Given(NamedTuple):
    """Numbers given to decisions, decisions that are kept, and numbers given to events."""

    numbers: int
    decisions: int
    events: int


async def given(bus: Bus) -> Given:
    """What was given until now."""
    async with bus.transaction() as transaction:
        row = (await transaction.connection.execute(_GIVEN)).one()
    return Given(*(int(each or 0) for each in row))


async def books(bus: Bus, run: int, before: Given) -> dict[str, int]:
    """What the books say of the run."""
    after = await given(bus)
    async with bus.transaction() as transaction:
        row = (await transaction.connection.execute(_BOOKS, {"run": run})).one()
    kept = {name: int(number or 0) for name, number in row._asdict().items()}
    return kept | {
        "numbers": after.numbers - before.numbers,
        "decisions": after.decisions - before.decisions,
        "events": after.events - before.events,
    }


async def classes(bus: Bus) -> dict[str, int]:
    """Entities by class as they stand."""
    async with bus.transaction() as transaction:
        rows = (await transaction.connection.execute(_CLASSES)).all()
    return dict.fromkeys("ABCD", 0) | {letter: int(number) for letter, number in rows}


class Files(NamedTuple):
    """What the files of a snapshot say.

    Attributes:
        hashes_agree: every part has the hash that the manifest says, and the manifest that of the books.
    """

    rows: int
    classes: dict[str, int]
    hashes_agree: bool


def files(kept: SnapshotFiles, snapshot: Snapshot) -> Files:
    """What is in the parts themselves."""
    folder, counts = kept.path(snapshot.path), np.zeros(5, np.int64)
    parts = kept.manifest(snapshot.path)["parts"]
    rows = 0
    for part in parts:
        column = pq.read_table(folder / part["name"], columns=["class"])["class"].to_numpy()
        rows += len(column)
        counts += np.bincount(column, minlength=5)
    said = [(folder / part["name"], part["sha256"]) for part in parts]
    said.append((folder / MANIFEST, snapshot.sha256))
    by_class = dict(zip("ABCD", counts[1:].tolist(), strict=True))
    return Files(rows, by_class, all(_sha256(path) == sha256 for path, sha256 in said))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def agree(tally: Tally, kept: dict[str, int], found: Files, standing: dict[str, int]) -> bool:
    """Books, states, files and what the run says of itself are of the same city."""
    return (
        kept["entities"] == kept["block_rows"] == kept["states_agree"] == found.rows == tally.entities
        and kept["decisions"] == kept["numbers"] == tally.decided
        and kept["events"] == tally.announced
        and found.classes == standing
        and found.hashes_agree
    )
