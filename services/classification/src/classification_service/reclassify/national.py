"""Scores a country from partitioned Parquet in a stream, and writes classes beside it."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from classification_service.model.city import NO_DAY_KNOWN
from classification_service.model.risk_model import Catalogue
from classification_service.reclassify.fiction import DAY, Fiction, chunks
from classification_service.rules import totals
from classification_service.rules.columns import Columns
from classification_service.rules.judging_city import values_of
from classification_service.rules.scoring import Subjects
from classification_service.rules.verdicts import verdicts
from classification_service.rules.what_if import Draft
from classification_service.store.city.files import SnapshotFiles, as_it_stands, row_groups

PART = 65_536
THREADS = 2


@dataclass(frozen=True, slots=True)
class Country:
    """Partitions of a country in a folder."""

    folder: Path
    catalogue: Catalogue
    fiction: Fiction
    say: Callable[[str], None]

    def found(self, entities: int) -> int:
        """The partitions are there; their bytes."""
        files = SnapshotFiles(self.folder, self.catalogue)

        def part(chunk: tuple[int, int, int]) -> int:
            number, first, size = chunk
            standing = self.fiction.chunk(number, size, first)
            values = values_of(standing, len(self.catalogue.indicators))
            return files.write("country", number, (standing, as_it_stands(standing)), values).bytes

        with ThreadPoolExecutor(THREADS) as threads:
            return sum(threads.map(part, chunks(entities, PART)))

    def score(self, draft: Draft) -> dict[str, Any]:
        """Every entity is judged, and its class written; never more than a few parts are held."""
        started = time.perf_counter()
        parts = sorted((self.folder / "country").glob("*.parquet"))
        classes = self.folder / "classes"
        classes.mkdir(exist_ok=True)
        counts, needed = np.zeros(5, np.int64), draft.needed()

        def scored(path: Path) -> Any:
            found = np.zeros(5, np.int64)
            with pq.ParquetWriter(classes / path.name, _CLASSES, compression="lz4") as writer:
                for table in row_groups(path, ["uscc", "established_on", *needed]):
                    made = self._judged(table, draft, needed)
                    found += np.bincount(made.risk_class, minlength=5)
                    writer.write_table(
                        pa.table(
                            [table["uscc"], made.risk_class, made.score.astype(np.float32), made.sectors],
                            _CLASSES,
                        )
                    )
            return found

        with ThreadPoolExecutor(THREADS) as threads:
            for found in threads.map(scored, parts):
                counts += found
        return {
            "national_s": round(time.perf_counter() - started, 1),
            "national_entities": int(counts.sum()),
            "national_mix": dict(zip("ABCD", counts[1:].tolist(), strict=True)),
        }

    def _judged(self, table: Any, draft: Draft, needed: Sequence[str]) -> Any:
        positions = self.catalogue.positions
        columns = {
            positions[code]: table[code].combine_chunks().to_numpy(zero_copy_only=False) for code in needed
        }
        established = table["established_on"].cast(pa.int32()).fill_null(NO_DAY_KNOWN).to_numpy()
        age = np.where(established == NO_DAY_KNOWN, np.nan, DAY - established.astype(np.float64))
        values = Columns(table.num_rows, columns)
        return verdicts(draft.scorers, values, Subjects(age, DAY), score=totals.score)


_CLASSES = pa.schema(
    [("uscc", pa.string()), ("class", pa.int8()), ("score", pa.float32()), ("sectors", pa.int32())]
)
