"""Rows of a CSV file."""

import csv
import os
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from ingestion_service.errors import FileRefused
from ingestion_service.model.mapping import Mapping
from ingestion_service.store.files.tables import Record, Table, fitted, header_of, is_blank
from ingestion_service.store.files.text import Lines, encoding_of

LONGEST_CELL = 256 * 1024
_DELIMITERS = (",", "\t", ";", "|")


def open_csv(file: BinaryIO, mapping: Mapping) -> Table:
    """The file as a table.

    Raises:
        FileRefused: It is no CSV, or has no header.
    """
    csv.field_size_limit(LONGEST_CELL)
    encoding = encoding_of(file, mapping.encoding)
    size = os.fstat(file.fileno()).st_size
    lines = Lines(file, encoding)
    texts = iter(lines)
    above = list(islice(texts, mapping.header_row - 1))
    first = next(texts, "")
    delimiter = mapping.delimiter or max(_DELIMITERS, key=first.count)
    rows = _Rows(csv.reader(_chained(first, texts), delimiter=delimiter), len(above))
    header = header_of(next(rows, []))
    return Table(header, _records(rows, len(header)), lambda: lines.consumed / size, "csv", encoding)


class _Rows(Iterator[list[str]]):
    """Rows with their numbers; a fault of the file's form names its row."""

    def __init__(self, reader: Iterator[list[str]], above: int) -> None:
        self._reader = reader
        self.number = above

    def __next__(self) -> list[str]:
        self.number += 1
        try:
            return next(self._reader)
        except csv.Error as error:
            expected = f"cells of at most {LONGEST_CELL} characters, with every quotation mark closed"
            raise FileRefused(f"row {self.number}", str(error), expected) from error


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _records(rows: _Rows, width: int) -> Iterator[Record]:
    for cells in rows:
        yield rows.number, None if is_blank(cells) else fitted(cells, width)
