"""Scores a country from partitioned Parquet in a stream, by every model in force, and writes classes beside it."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from classification_service.model.judgement import Integers
from classification_service.model.risk_model import Catalogue
from classification_service.reclassify.fiction import DAY, Fiction, chunks
from classification_service.rules import totals
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging_city import values_of
from classification_service.rules.scoring import Subjects
from classification_service.rules.verdicts import PLACES, verdicts
from classification_service.store.city.files import SnapshotFiles, as_it_stands
from classification_service.store.city.scanning import ages, tables_of

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

    def score(self, scorers: ScorerSet) -> dict[str, Any]:
        """Every entity is judged, and its class written; never more than a few parts are held."""
        started, used = time.perf_counter(), time.process_time()
        parts = sorted((self.folder / "country").glob("*.parquet"))
        (self.folder / "classes").mkdir(exist_ok=True)
        counts, members = np.zeros(5, np.int64), np.zeros(len(PLACES), np.int64)
        with ThreadPoolExecutor(THREADS) as threads:
            for found, in_sectors in threads.map(lambda path: self._scored(path, scorers), parts):
                counts += found
                members += in_sectors
        return {
            "national_s": round(time.perf_counter() - started, 1),
            "national_cpu_s": round(time.process_time() - used, 1),
            "national_entities": int(counts.sum()),
            "national_models": [model.id for model in scorers.models],
            "national_mix": dict(zip("ABCD", counts[1:].tolist(), strict=True)),
            "national_members": dict(zip(map(str, PLACES), members.tolist(), strict=True)),
        }

    def _scored(self, path: Path, scorers: ScorerSet) -> tuple[Integers, Integers]:
        """Entities by class, and members by sector, of one partition."""
        counts, members = np.zeros(5, np.int64), np.zeros(len(PLACES), np.int64)
        names = ("uscc", "established_on")
        with pq.ParquetWriter(self.folder / "classes" / path.name, _CLASSES, compression="lz4") as writer:
            for table, values in tables_of(path, None, scorers, names=names, catalogue=self.catalogue):
                made = verdicts(scorers, values, Subjects(ages(table, DAY), DAY), score=totals.score)
                counts += np.bincount(made.risk_class, minlength=5)
                members += [np.count_nonzero(made.sectors >> place & 7) for place in PLACES.values()]
                writer.write_table(_classes(table["uscc"], made))
        return counts, members


def _classes(usccs: Any, made: Any) -> Any:
    columns: Sequence[Any] = [usccs, made.risk_class, made.score.astype(np.float32), made.flags, made.sectors]
    return pa.table(columns, _CLASSES)


_CLASSES = pa.schema(
    [
        *(("uscc", pa.string()), ("class", pa.int8()), ("score", pa.float32()), ("flags", pa.int16())),
        ("sectors", pa.int32()),
    ]
)
