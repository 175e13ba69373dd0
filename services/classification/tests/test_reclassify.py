"""The measurement of the city measures what it says: all models, and files that were read."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from classification_service.model.city import Snapshot, Tally
from classification_service.model.risk_model import Catalogue
from classification_service.reclassify import agreeing
from classification_service.reclassify.fiction import DAY, Fiction
from classification_service.reclassify.national import Country
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging_city import age_days, values_of
from classification_service.rules.scoring import Subjects
from classification_service.rules.verdicts import verdicts
from classification_service.store.city.files import SnapshotFiles, as_it_stands

ENTITIES = 700


def test_a_country_is_scored_by_every_model(
    catalogue: Catalogue, shipped_set: ScorerSet, tmp_path: Path
) -> None:
    """A country without its sectors is a tenth of the work, and would pass for the whole."""
    fiction = Fiction(catalogue, 3)
    country = Country(tmp_path, catalogue, fiction, print)
    country.found(ENTITIES)

    figures = country.score(shipped_set)

    standing = fiction.chunk(0, ENTITIES, 0)
    expected = verdicts(
        shipped_set,
        values_of(standing, shipped_set.width),
        Subjects(age_days(standing, DAY), DAY),
    )
    kept = pq.read_table(*(tmp_path / "classes").glob("part-00000-*.parquet"))
    np.testing.assert_array_equal(kept["class"].to_numpy(), expected.risk_class)
    np.testing.assert_array_equal(kept["sectors"].to_numpy(), expected.sectors)
    np.testing.assert_array_equal(kept["score"].to_numpy(), expected.score.astype(np.float32))
    assert figures["national_entities"] == ENTITIES
    assert figures["national_models"] == [model.id for model in shipped_set.models]
    assert sum(figures["national_members"].values()) > 0


@pytest.fixture
def kept(catalogue: Catalogue, tmp_path: Path) -> tuple[SnapshotFiles, Snapshot]:
    """A month's files, and what the books say of them."""
    files = SnapshotFiles(tmp_path, catalogue)
    standing = Fiction(catalogue, 3).chunk(0, ENTITIES, 0)
    part = files.write(
        "month", 0, (standing, as_it_stands(standing)), values_of(standing, len(catalogue.indicators))
    )
    sha256 = files.seal("month", [part], {})
    day = date(2026, 12, 1)
    return files, Snapshot(1, "monthly", day, datetime.now(UTC), [], ENTITIES, {}, sha256, "month", True)


def test_files_agree_by_what_is_in_them(kept: tuple[SnapshotFiles, Snapshot]) -> None:
    """With every file emptied, books that are compared with books would still agree."""
    files, snapshot = kept
    whole = agreeing.files(files, snapshot)
    (path,) = files.parts("month")
    emptied_part = pq.read_table(path).slice(0, 1)
    path.chmod(0o644)
    pq.write_table(emptied_part, path)

    emptied = agreeing.files(files, snapshot)

    assert (whole.rows, whole.hashes_agree) == (ENTITIES, True)
    assert (emptied.rows, emptied.hashes_agree) == (1, False)


def test_books_and_files_agree_only_where_all_say_the_same() -> None:
    """One figure that is off is a fault, whichever it is."""
    tally = Tally(entities=9, moved=5, decided=4, announced=2)
    books = {"entities": 9, "block_rows": 9, "states_agree": 9, "decisions": 4, "numbers": 4, "events": 2}
    classes = {"A": 5, "B": 4, "C": 0, "D": 0}
    files = agreeing.Files(9, classes, hashes_agree=True)

    assert agreeing.agree(tally, books, files, classes)
    for name in books:
        assert not agreeing.agree(tally, {**books, name: 8}, files, classes)
    for other in (files._replace(rows=8), files._replace(hashes_agree=False), files._replace(classes={})):
        assert not agreeing.agree(tally, books, other, classes)
