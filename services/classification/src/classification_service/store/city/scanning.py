"""Reads a snapshot as a what-if asks for it: only the columns it needs, in two threads."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from classification_service.errors import Unanswerable
from classification_service.model.city import NO_DAY_KNOWN, Snapshot
from classification_service.model.intervention import Intervention
from classification_service.model.judgement import Integers
from classification_service.model.risk_model import Catalogue
from classification_service.model.what_if import Moves
from classification_service.rules.columns import Columns
from classification_service.rules.judging import Interventions
from classification_service.rules.what_if import (
    Compared,
    Draft,
    Part,
    compared,
    cuts_at,
    scores_of,
    with_cuts,
)
from classification_service.store.city.files import SnapshotFiles, row_groups

THREADS = 2
_DECIDED = ("uscc", "area_code", "industry", "status", "established_on", "class", "score", "flags", "sectors")
_EPOCH = date(1970, 1, 1)


class Scan:
    """Goes over a snapshot for one draft.

    Args:
        interventions: What people decided and is in force.
    """

    def __init__(
        self, files: SnapshotFiles, catalogue: Catalogue, snapshot: Snapshot, interventions: Interventions
    ) -> None:
        self._files = files
        self._catalogue = catalogue
        self._snapshot = snapshot
        self._interventions = interventions

    def cut(self, draft: Draft) -> Draft:
        """The draft with cuts: its own, or those its shares come to in this city.

        Raises:
            Unanswerable: The city's scores cannot be cut so.
        """
        model = draft.scorer.model
        if model.cuts is not None:
            return draft
        counts = np.zeros(int(model.highest - model.lowest) + 1, np.int64)
        for found in self._each(draft, scores_of):
            counts = counts + found
        try:
            cuts = cuts_at(model.shares or (), counts, model.lowest)
        except ValueError as error:
            raise Unanswerable(str(error)) from error
        return with_cuts(draft, cuts, self._catalogue)

    def compare(self, draft: Draft, moves_to: Path) -> tuple[int, Moves, int]:
        """Entities, how they move, and how many; those are written to a file, in order of USCC."""
        total, entities, movers = Moves(), 0, 0
        unfinished = moves_to.with_name(moves_to.name + ".unfinished")
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(unfinished, MOVERS, compression="lz4") as writer:
            for moves, rows, size in self._each(draft, None):
                total, entities, movers = total + moves, entities + size, movers + rows.num_rows
                writer.write_table(rows)
        unfinished.replace(moves_to)
        return entities, total, movers

    def _each(self, draft: Draft, found: Any) -> Iterator[Any]:
        parts = self._files.parts(self._snapshot.path)
        work = partial(self._part, draft, found)
        with ThreadPoolExecutor(THREADS) as threads:
            for results in threads.map(work, parts):
                yield from results

    def _part(self, draft: Draft, found: Any, path: Path) -> list[Any]:
        needed, results = draft.needed(), []
        for table in row_groups(path, [*_DECIDED, *needed]):
            part = self._as_part(table, needed)
            if found is not None:
                results.append(found(part, draft))
            else:
                made = compared(part, draft)
                results.append((made.moves, _movers(table, made), table.num_rows))
        return results

    def _as_part(self, table: Any, needed: Sequence[str]) -> Part:
        positions = self._catalogue.positions
        columns = {positions[code]: _flat(table, code) for code in needed}
        day = (self._snapshot.business_day - _EPOCH).days
        established = table["established_on"].cast(pa.int32()).fill_null(NO_DAY_KNOWN).to_numpy()
        age = np.where(established == NO_DAY_KNOWN, np.nan, day - established.astype(np.float64))
        return Part(
            values=Columns(table.num_rows, columns),
            age_days=age,
            business_day=day,
            risk_class=_flat(table, "class"),
            flags=_flat(table, "flags"),
            sectors=_flat(table, "sectors"),
            area=_words(table["area_code"]),
            industry=_words(table["industry"]),
            status=_words(table["status"]),
            interventions=self._by_row(table),
        )

    def _by_row(self, table: Any) -> dict[int, Sequence[Intervention]]:
        if not self._interventions:
            return {}
        usccs = table["uscc"].to_pylist()
        return {
            row: self._interventions[uscc] for row, uscc in enumerate(usccs) if uscc in self._interventions
        }


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
    chosen = table.select(["uscc", "area_code", "industry", "score"]).take(pa.array(rows))
    return pa.table(
        {
            "uscc": chosen["uscc"],
            "area_code": chosen["area_code"].cast(pa.string()),
            "industry": chosen["industry"].cast(pa.string()),
            "before": made.before[rows].astype(np.int8),
            "after": made.after[rows].astype(np.int8),
            "score_before": chosen["score"],
            "score_after": made.score[rows].astype(np.float32),
        },
        schema=MOVERS,
    )


def _flat(table: Any, name: str) -> Any:
    return table[name].combine_chunks().to_numpy(zero_copy_only=False)


def _words(column: Any) -> tuple[Integers, list[str]]:
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()
