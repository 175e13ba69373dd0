"""Rows of a Parquet file, a few thousand at a time."""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
from pyarrow.parquet import ParquetFile

from ingestion_service.errors import FileRefused
from ingestion_service.model.mapping import Mapping
from ingestion_service.store.files.tables import Record, Table, header_of

MOST_OF_A_GROUP = 512 * 1024**2
_AT_ONCE = 1000
_BROKEN = (pa.ArrowException, OSError, ValueError)
_READABLE = "a Parquet file"


def open_parquet(source: BinaryIO, mapping: Mapping) -> Table:
    """The file as a table of the columns that the mapping names.

    Raises:
        FileRefused: It is no Parquet file, or its row groups are too large.
    """
    try:
        file = ParquetFile(source, memory_map=False, pre_buffer=False, buffer_size=1024 * 1024)
        _require_bounded(file)
    except _BROKEN as error:
        raise FileRefused("file", "is a damaged Parquet file", _READABLE) from error
    names = header_of(file.schema_arrow.names)
    named = {*mapping.columns, *(mapping.id.columns if mapping.id else [])}
    needed = [name for name in names if name in named] or names
    rows = _Rows(file, needed)
    return Table(needed, rows.records(), rows.share, "parquet")


def _require_bounded(file: ParquetFile) -> None:
    metadata = file.metadata
    sizes = [metadata.row_group(each).total_byte_size for each in range(metadata.num_row_groups)]
    if max(sizes, default=0) > MOST_OF_A_GROUP:
        expected = f"row groups of at most {MOST_OF_A_GROUP} bytes"
        raise FileRefused("file", f"has a row group that unpacks to {max(sizes)} bytes", expected)


class _Rows:
    """The rows, with their numbers; the header of a spreadsheet would be row 1."""

    def __init__(self, file: ParquetFile, columns: list[str]) -> None:
        self._file = file
        self._columns = columns
        self._number = 1
        self._most: int = max(file.metadata.num_rows, 1)

    def share(self) -> float:
        return (self._number - 1) / self._most

    def records(self) -> Iterator[Record]:
        try:
            for batch in self._file.iter_batches(_AT_ONCE, columns=self._columns, use_threads=False):
                columns = [batch.column(name).to_pylist() for name in self._columns]
                for cells in zip(*columns, strict=True):
                    self._number += 1
                    yield self._number, cells
        except _BROKEN as error:
            raise FileRefused(f"row {self._number + 1}", "cannot be read", _READABLE) from error
