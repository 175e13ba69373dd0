"""Reads a snapshot as a what-if asks for it, a part in each of two threads: numpy and Arrow work side by side."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from classification_service.errors import Unanswerable
from classification_service.model.city import NO_DAY_KNOWN, Snapshot
from classification_service.model.intervention import Intervention, lasting
from classification_service.model.judgement import Vector
from classification_service.model.risk_model import Catalogue
from classification_service.model.what_if import Moves
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.columns import Columns
from classification_service.rules.inspecting import Judged, Words
from classification_service.rules.judging import Interventions
from classification_service.rules.scoring import Values
from classification_service.rules.what_if import (
    Compared,
    Draft,
    Part,
    compared,
    cuts_at,
    needed,
    scores_of,
    with_cuts,
)
from classification_service.store.city import in_place
from classification_service.store.city.files import SnapshotFiles, row_groups

Result = TypeVar("Result")
THREADS = 2
_DECIDED = (
    *("uscc", "area_code", "industry", "status", "established_on", "business_day", "is_known"),
    *("class", "flags", "sectors", "override_code"),
)
_EPOCH = date(1970, 1, 1)


class Scanned(NamedTuple):
    """What came of a scan."""

    entities: int
    moves: Moves
    movers: int


class Scan:
    """Goes over a snapshot for one draft.

    Args:
        interventions: What people decided and is in force.

    Raises:
        Unanswerable: The snapshot has the indicators of another catalogue.
    """

    def __init__(
        self, files: SnapshotFiles, catalogue: Catalogue, snapshot: Snapshot, interventions: Interventions
    ) -> None:
        if files.manifest(snapshot.path)["catalogue_version"] != catalogue.version:
            raise Unanswerable("the snapshot has the indicators of another catalogue: take one now")
        self._parts = files.scanned(snapshot.path)
        self._catalogue = catalogue
        self._day = (snapshot.business_day - _EPOCH).days
        self._interventions = interventions
        self._decided_about = pa.array(interventions, pa.string())

    def cut(self, draft: Draft) -> Draft:
        """The draft with cuts: its own, or those its shares come to in this city.

        Raises:
            Unanswerable: The city's scores cannot be cut so.
        """
        model = draft.scorer.model
        if model.cuts is not None:
            return draft
        counts = np.zeros(int(model.highest - model.lowest) + 1, np.int64)
        for found in self._over(draft, lambda part, _: scores_of(part, draft)):
            counts = counts + found
        try:
            cuts = cuts_at(model.shares or (), counts, model.lowest)
        except ValueError as error:
            raise Unanswerable(str(error)) from error
        return with_cuts(draft, cuts, self._catalogue)

    def compare(self, draft: Draft, moves_to: Path) -> Scanned:
        """Entities, how they move, and how many; those are written to a file, in order of USCC."""
        total, entities, movers = Moves(), 0, 0
        unfinished = moves_to.with_name(moves_to.name + ".unfinished")
        unfinished.parent.mkdir(parents=True, exist_ok=True)

        def work(part: Part, table: Any) -> tuple[Moves, Any, int]:
            made = compared(part, draft)
            return made.moves, _movers(table, made), table.num_rows

        with pq.ParquetWriter(unfinished, MOVERS, compression="lz4") as writer:
            for moves, rows, size in self._over(draft, work):
                total, entities, movers = total + moves, entities + size, movers + rows.num_rows
                writer.write_table(rows)
        unfinished.replace(moves_to)
        return Scanned(entities, total, movers)

    def _over(self, draft: Draft, work: Callable[[Part, Any], Result]) -> Iterator[Result]:
        """What comes of each part, with its table, in order of USCC."""

        def worked(part: tuple[Path, Path | None]) -> list[Result]:
            tables = tables_of(*part, draft.live, draft.scorers, names=_DECIDED, catalogue=self._catalogue)
            return [work(self._as_part(table, values), table) for table, values in tables]

        with ThreadPoolExecutor(THREADS) as threads:
            for results in threads.map(worked, self._parts):
                yield from results

    def _as_part(self, table: Any, values: Values) -> Part:
        overrides = _words(table["override_code"])
        has_code = np.array([word != "" for word in overrides.words], bool)
        decided_on = table["business_day"].cast(pa.int32()).to_numpy()
        return Part(
            values=values,
            age_days=ages(table, self._day),
            business_day=self._day,
            standing=Judged(
                *(_flat(table, "class"), _flat(table, "flags"), _flat(table, "sectors")),
                has_code[overrides.place],
            ),
            is_open=_flat(table, "is_known") & (decided_on <= self._day),
            area=_words(table["area_code"]),
            industry=_words(table["industry"]),
            status=_words(table["status"]),
            interventions=self._by_row(table),
        )

    def _by_row(self, table: Any) -> dict[int, Sequence[Intervention]]:
        if not self._interventions:
            return {}
        rows = np.flatnonzero(pc.is_in(table["uscc"], value_set=self._decided_about))
        usccs = table["uscc"].take(pa.array(rows)).to_pylist()
        return {
            row: lasting(self._interventions[uscc], self._day)
            for row, uscc in zip(rows.tolist(), usccs, strict=True)
        }


def tables_of(
    path: Path, values: Path | None, *sets: ScorerSet, names: Sequence[str], catalogue: Catalogue
) -> Iterator[tuple[Any, Values]]:
    """These columns of a part, and the values that these models ask for, one row group after the other."""
    if values is not None:
        with pq.ParquetFile(path, memory_map=True) as file:
            yield file.read(list(names), use_threads=False), in_place.read(values)
        return
    codes, positions = needed(*sets), catalogue.positions
    for table in row_groups(path, [*names, *codes]):
        columns = {positions[code]: _flat(table, code) for code in codes}
        yield table, Columns(table.num_rows, columns)


def ages(table: Any, day: int) -> Vector:
    """Days since establishment, NaN where unknown."""
    established = table["established_on"].cast(pa.int32()).fill_null(NO_DAY_KNOWN).to_numpy()
    return np.where(established == NO_DAY_KNOWN, np.nan, day - established.astype(np.float64))


MOVERS = pa.schema(
    [
        *(
            ("uscc", pa.string()),
            ("area_code", pa.string()),
            ("industry", pa.string()),
            ("before", pa.int8()),
        ),
        *(("after", pa.int8()), ("score_before", pa.float32()), ("score_after", pa.float32())),
    ]
)


def _movers(table: Any, made: Compared) -> Any:
    rows = np.flatnonzero((made.before != made.after) & made.counted)
    chosen = table.select(["uscc", "area_code", "industry"]).take(pa.array(rows))
    return pa.table(
        {
            "uscc": chosen["uscc"],
            "area_code": chosen["area_code"].cast(pa.string()),
            "industry": chosen["industry"].cast(pa.string()),
            "before": made.before[rows].astype(np.int8),
            "after": made.after[rows].astype(np.int8),
            "score_before": made.score_before[rows].astype(np.float32),
            "score_after": made.score_after[rows].astype(np.float32),
        },
        schema=MOVERS,
    )


def _flat(table: Any, name: str) -> Any:
    return table[name].combine_chunks().to_numpy(zero_copy_only=False)


def _words(column: Any) -> Words:
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    return Words(encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist())
