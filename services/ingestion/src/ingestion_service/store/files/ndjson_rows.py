"""Rows of an NDJSON file: an object on each line; a column is a member, or a dotted path to one."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import BinaryIO

import msgspec

from ingestion_service.model import mapping as model
from ingestion_service.model.verdict import Problem
from ingestion_service.store.files.tables import Record, Table
from ingestion_service.store.files.text import Lines, encoding_of

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_decode = msgspec.json.Decoder().decode
_NOT_JSON = Problem("row", "is no JSON object", "an object on each line")


def open_ndjson(file: BinaryIO, mapping: model.Mapping) -> Table:
    """The file as a table whose columns are those that the mapping names."""
    encoding = encoding_of(file, mapping.encoding)
    size = os.fstat(file.fileno()).st_size
    lines = Lines(file, encoding)
    header = list(dict.fromkeys([*mapping.columns, *(mapping.id.columns if mapping.id else [])]))
    return Table(
        header, _records(lines, header), lambda: lines.consumed / size, "ndjson", encoding, open_header=True
    )


def first_object(file: BinaryIO) -> list[str]:
    """Names of the first object's members."""
    for line in Lines(file, encoding_of(file, None)):
        found = _object(line)
        return [] if isinstance(found, Problem) else list(found)
    return []


def _records(lines: Lines, header: Sequence[str]) -> Iterator[Record]:
    for number, line in enumerate(lines, start=1):
        if line.isspace():
            yield number, None
            continue
        found = _object(line)
        yield number, found if isinstance(found, Problem) else [_at(found, column) for column in header]


def _object(line: str) -> Mapping[str, object] | Problem:
    try:
        found = _decode(line)
    except _UNREADABLE:
        return _NOT_JSON
    return found if isinstance(found, dict) else _NOT_JSON


def _at(found: Mapping[str, object], column: str) -> object:
    if column in found or "." not in column:
        return found.get(column)
    start: object = found
    return reduce(_member, column.split("."), start)


def _member(found: object, name: str) -> object:
    return found.get(name) if isinstance(found, dict) else None
