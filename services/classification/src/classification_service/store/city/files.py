"""Snapshots as files: Parquet, a part for each stretch, and a manifest.

Those of months have one column per indicator beside what was decided: every engine reads them. A working copy is for
trying drafts: beside what was decided it has the values that are not zero, as `in_place` keeps them.
A part is named by its hash, written under another name, forced to disk, closed to writing and renamed: under its own
name there is never half of one, nor what another process made of the same stretch. It is held against the manifest, and
the manifest against the books, before it is first read.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from classification_service.errors import Unanswerable
from classification_service.model.city import NO_DAY_KNOWN, Booleans, Snapshot, Standing
from classification_service.model.judgement import Integers, Vector
from classification_service.model.risk_model import Catalogue
from classification_service.rules.columns import ByIndicator
from classification_service.store.city import arrays, in_place

ROW_GROUP = 65_536
MANIFEST = "manifest.json"
_UNFINISHED = ".unfinished"
_NEVER_FINISHED = timedelta(hours=1)
_SHOWN = (
    *("uscc", "area_code", "industry", "class", "score"),
    *("override_code", "flags", "sectors", "decision_number"),
)


class PartFile(NamedTuple):
    """A part that is there."""

    name: str
    entities: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AsDecided:
    """What was decided of the entities of a part; `override` and `model` name words by their index.

    Attributes:
        of_day: the business day for which it holds, days since 1970-01-01.
        judged: false for whom the run left as they were.
    """

    score: Vector
    risk_class: Integers
    flags: Integers
    sectors: Integers
    decision_number: Integers
    override: Integers
    overrides: Sequence[str]
    model: Integers
    models: Sequence[str]
    of_day: Integers
    judged: Booleans


def as_it_stands(standing: Standing) -> AsDecided:
    """What was decided before."""
    return AsDecided(
        *(standing.score, standing.risk_class, standing.flags, standing.sectors, standing.decision_number),
        *(standing.label, standing.of_label("override_code")),
        *(standing.label, standing.of_label("model_id")),
        *(standing.business_day, np.ones(len(standing.usccs), bool)),
    )


class SnapshotFiles:
    """The folder of snapshots.

    Args:
        root: shared by all processes of the service.
        catalogue: names the columns.
    """

    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        self._root = root
        self._codes = [each.code for each in catalogue.indicators]
        self._version = catalogue.version
        self._held: set[str] = set()

    def path(self, folder: str) -> Path:
        """Where a snapshot lies."""
        return self._root / folder

    def write(
        self, folder: str, number: int, part: tuple[Standing, AsDecided], values: ByIndicator
    ) -> PartFile:
        """The part is on the disk, beside whatever was made of it before."""
        table = self._table(*part, self._indicators(part[0], values))
        return _kept(self.path(folder) / f"part-{number:05d}.parquet", _parquet(table), table.num_rows)

    def write_copy(
        self, folder: str, number: int, part: tuple[Standing, AsDecided], values: ByIndicator
    ) -> tuple[PartFile, PartFile]:
        """The part of a working copy is on the disk: what was decided, and beside it the values."""
        table, path = self._table(*part, {}), self.path(folder)
        decided = _kept(path / f"part-{number:05d}.parquet", _parquet(table), table.num_rows)
        content = in_place.content_of(values, self._codes)
        return decided, _kept(path / f"values-{number:05d}.arrow", content, table.num_rows)

    def _indicators(self, standing: Standing, values: ByIndicator) -> dict[str, Any]:
        unknown = np.flatnonzero(standing.counts < 0)
        found = {}
        for position, code in enumerate(self._codes):
            column = values.side_by_side(position)
            column[unknown] = np.nan
            found[code] = pa.array(column)
        return found

    def seal(
        self,
        folder: str,
        parts: Sequence[PartFile],
        about: Mapping[str, object],
        values: Sequence[PartFile] = (),
    ) -> str:
        """The manifest names every part, and its values where they lie beside it, with hashes; other parts are gone.

        What nobody finished in an hour is gone too; what is younger may still be written. Gives the manifest's hash.
        """
        manifest = {
            **about,
            "catalogue_version": self._version,
            "entities": sum(each.entities for each in parts),
            "parts": [each._asdict() for each in sorted(parts)],
            "values": [each._asdict() for each in sorted(values)],
        }
        content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        self.path(folder).mkdir(parents=True, exist_ok=True)
        named = {each.name for each in (*parts, *values)}
        for path in self.path(folder).glob("*-*"):
            if path.suffix != _UNFINISHED and path.name not in named:
                path.unlink(missing_ok=True)
        _clear(self.path(folder), f"*{_UNFINISHED}", datetime.now(UTC) - _NEVER_FINISHED)
        _write(self.path(folder) / MANIFEST, memoryview(content))
        return hashlib.sha256(content).hexdigest()

    def verify(self, snapshot: Snapshot) -> None:
        """Its files are as they were written; each is looked at once by this process.

        Raises:
            Unanswerable: One of them is gone, or not as it was written.
        """
        folder = self.path(snapshot.path)
        content = _there(folder / MANIFEST).read_bytes()
        if hashlib.sha256(content).hexdigest() != snapshot.sha256:
            raise Unanswerable(f"{MANIFEST} of {snapshot.path} is not as it was written")
        manifest = json.loads(content)
        named = [*manifest["parts"], *manifest.get("values", ())]
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(self._hold, ((folder / each["name"], each["sha256"]) for each in named)))

    def _hold(self, part: tuple[Path, str]) -> None:
        path, sha256 = part
        with _there(path).open("rb") as file:
            if sha256 not in self._held and hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise Unanswerable(f"{path.name} of {path.parent.name} is not as it was written")
        self._held.add(sha256)

    def parts(self, folder: str) -> list[Path]:
        """The parts that the manifest names, in order of USCC."""
        return [self.path(folder) / each["name"] for each in self.manifest(folder)["parts"]]

    def manifest(self, folder: str) -> Mapping[str, Any]:
        """What is said of the snapshot and its files."""
        found: Mapping[str, Any] = json.loads((self.path(folder) / MANIFEST).read_bytes())
        return found

    def scanned(self, folder: str) -> list[tuple[Path, Path | None]]:
        """Each part in order of USCC, and where its values lie if not in it."""
        values = self.manifest(folder).get("values", ())
        beside = [self.path(folder) / each["name"] for each in values]
        return list(zip_longest(self.parts(folder), beside))

    def clear(self, folder: str, before: datetime) -> None:
        """Files of the folder that were written before then are gone, and all that nobody finished in an hour."""
        _clear(self.path(folder), "*", before)
        _clear(self.path(folder), f"*{_UNFINISHED}", datetime.now(UTC) - _NEVER_FINISHED)

    def classes(self, folder: str, after: str, limit: int, area_code: str | None) -> list[dict[str, Any]]:
        """What was decided of its entities after this USCC, in order of USCC, of one area or of all."""
        chosen = ds.field("uscc") > after
        if area_code is not None:
            chosen &= ds.field("area_code") == area_code
        files = ds.dataset([str(path) for path in self.parts(folder)], format="parquet")
        rows: list[dict[str, Any]] = files.head(limit, columns=list(_SHOWN), filter=chosen).to_pylist()
        return rows

    def _table(self, standing: Standing, decided: AsDecided, indicators: Mapping[str, Any]) -> Any:
        is_known = (standing.counts >= 0) & (standing.catalogue_version == self._version)
        return _table(standing, decided, {"is_known": pa.array(is_known), **indicators})


def row_groups(path: Path, columns: Sequence[str]) -> Iterator[Any]:
    """These columns of a part, as tables, one row group after the other."""
    with pq.ParquetFile(path, memory_map=True) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number, columns=list(columns), use_threads=False)


def _parquet(table: Any) -> memoryview:
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="lz4",
        use_dictionary=["area_code", "industry", "entity_type", "status", "override_code", "model_id"],
        row_group_size=ROW_GROUP,
        write_statistics=["uscc"],
    )
    return memoryview(sink.getvalue())


def _kept(path: Path, content: memoryview, entities: int) -> PartFile:
    """On the disk under a name that tells its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    named = path.with_name(f"{path.stem}-{sha256[:16]}{path.suffix}")
    _write(named, content)
    return PartFile(named.name, entities, len(content), sha256)


def _table(standing: Standing, decided: AsDecided, more: Mapping[str, Any]) -> Any:
    established = standing.established_on
    return pa.table(
        {
            "uscc": arrays.same_width(standing.usccs),
            "area_code": arrays.words(standing.label, standing.of_label("area_code")),
            "industry": arrays.words(standing.label, standing.of_label("industry")),
            "entity_type": arrays.words(standing.label, standing.of_label("entity_type")),
            "status": arrays.words(standing.label, standing.of_label("status")),
            "established_on": pa.array(established, mask=established == NO_DAY_KNOWN).cast(pa.date32()),
            "business_day": pa.array(decided.of_day.astype(np.int32)).cast(pa.date32()),
            "profile_version": pa.array(standing.profile_version),
            "class": pa.array(decided.risk_class.astype(np.int8)),
            "score": pa.array(decided.score.astype(np.float32)),
            "flags": pa.array(decided.flags.astype(np.int16)),
            "sectors": pa.array(decided.sectors.astype(np.int32)),
            "decision_number": pa.array(decided.decision_number.astype(np.int32)),
            "override_code": arrays.words(decided.override, decided.overrides),
            "model_id": arrays.words(decided.model, decided.models),
            "is_judged": pa.array(decided.judged),
            **more,
        }
    )


def _clear(folder: Path, names: str, before: datetime) -> None:
    """Files of these names that were written before then are gone, whoever else clears them at the same time."""
    for path in folder.glob(names):
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                path.unlink()


def _there(path: Path) -> Path:
    if not path.is_file():
        raise Unanswerable(f"{path.name} of {path.parent.name} is gone")
    return path


def _write(path: Path, content: memoryview) -> None:
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}{_UNFINISHED}")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o444)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
