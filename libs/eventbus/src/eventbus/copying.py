"""PostgreSQL's binary COPY format, built column by column with numpy.

Measured on two cores this is about 1.5 times as fast as passing arrays to `unnest`; the writing of a row
costs well under a microsecond of Python.

Source: PostgreSQL manual, COPY, "Binary Format"; `array_send` for the layout of arrays.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TRAILER = struct.pack(">h", -1)
_NULL = struct.pack(">i", -1)
_LENGTH = struct.Struct(">i")
_POSTGRES_EPOCH_DAYS = 10_957  # 2000-01-01
_POSTGRES_EPOCH_US = 946_684_800_000_000
_FLOAT4_OID = 700
_TEXT_OID = 25


@dataclass(frozen=True, slots=True)
class Fixed:
    """A column whose values all have the same width; `field` holds length prefix and value of every row."""

    field: npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of values of any width; each piece is length prefix and value."""

    pieces: list[bytes]


Column = Fixed | Variable


def _scalar(values: npt.ArrayLike, kind: str) -> Fixed:
    dtype = np.dtype([("length", ">i4"), ("value", kind)])
    source = np.asarray(values)
    field = np.empty(len(source), dtype)
    field["length"] = dtype["value"].itemsize
    field["value"] = source
    return Fixed(field)


def int2(values: npt.ArrayLike) -> Fixed:
    """A smallint column without nulls."""
    return _scalar(values, ">i2")


def int4(values: npt.ArrayLike) -> Fixed:
    """An integer column without nulls."""
    return _scalar(values, ">i4")


def int8(values: npt.ArrayLike) -> Fixed:
    """A bigint column without nulls."""
    return _scalar(values, ">i8")


def float4(values: npt.ArrayLike) -> Fixed:
    """A real column without nulls; NaN is a value."""
    return _scalar(values, ">f4")


def float8(values: npt.ArrayLike) -> Fixed:
    """A double precision column without nulls; NaN is a value."""
    return _scalar(values, ">f8")


def boolean(values: npt.ArrayLike) -> Fixed:
    """A boolean column without nulls."""
    return _scalar(np.asarray(values, dtype=bool), "?")


def timestamptz(milliseconds: npt.ArrayLike) -> Fixed:
    """A timestamptz column without nulls, from milliseconds since 1970-01-01 UTC."""
    return _scalar(np.asarray(milliseconds, dtype=np.int64) * 1000 - _POSTGRES_EPOCH_US, ">i8")


def date(days: Sequence[int | None]) -> Column:
    """A date column from days since 1970-01-01; None is null."""
    if None not in days:
        return _scalar(np.asarray(days, dtype=np.int64) - _POSTGRES_EPOCH_DAYS, ">i4")
    pack = struct.Struct(">ii").pack
    return Variable([_NULL if day is None else pack(4, day - _POSTGRES_EPOCH_DAYS) for day in days])


def nullable_int8(values: Sequence[int | None]) -> Variable:
    """A bigint column; None is null."""
    pack = struct.Struct(">iq").pack
    return Variable([_NULL if value is None else pack(8, value) for value in values])


def fixed_text(values: Sequence[str], width: int) -> Fixed:
    """A text column of ASCII values of exactly `width` characters, such as USCCs.

    Raises:
        ValueError: A value has another width or is not ASCII.
    """
    joined = "".join(values).encode("ascii", "strict")
    if len(joined) != width * len(values):
        raise ValueError(f"every value must have {width} characters")
    dtype = np.dtype([("length", ">i4"), ("value", f"S{width}")])
    field = np.empty(len(values), dtype)
    field["length"] = width
    field["value"] = np.frombuffer(joined, f"S{width}")
    return Fixed(field)


def text(values: Sequence[str | None]) -> Variable:
    """A text column; None is null."""
    return bytea([None if value is None else value.encode() for value in values])


def code(values: Sequence[str]) -> Variable:
    """A text column of few different values, of which each is encoded once; without nulls."""
    encoded = {value: piece for value in set(values) for piece in text([value]).pieces}
    return Variable([encoded[value] for value in values])


def bytea(values: Sequence[bytes | None]) -> Variable:
    """A bytea column; None is null."""
    pack = _LENGTH.pack
    return Variable([_NULL if value is None else pack(len(value)) + value for value in values])


def float4_array(matrix: npt.NDArray[Any]) -> Fixed:
    """A real[] column from a matrix of one row per row, all of the same length; NaN is a value."""
    rows, width = matrix.shape
    dtype = np.dtype(
        [("length", ">i4"), ("head", ">i4", (5,)), ("items", [("length", ">i4"), ("value", ">f4")], (width,))]
    )
    field = np.empty(rows, dtype)
    field["length"] = 20 + 8 * width
    field["head"] = (1, 0, _FLOAT4_OID, width, 1)
    field["items"]["length"] = 4
    field["items"]["value"] = matrix
    return Fixed(field)


def text_array(values: Sequence[Sequence[str]]) -> Variable:
    """A text[] column without nulls inside."""
    return Variable([_text_array(items) for items in values])


def _text_array(items: Sequence[str]) -> bytes:
    if not items:
        body = struct.pack(">iii", 0, 0, _TEXT_OID)
    else:
        encoded = [item.encode() for item in items]
        body = struct.pack(">iiiii", 1, 0, _TEXT_OID, len(encoded), 1)
        body += b"".join(_LENGTH.pack(len(item)) + item for item in encoded)
    return _LENGTH.pack(len(body)) + body


def stream(columns: Sequence[Column]) -> bytes:
    """The whole COPY stream of these columns, all of the same number of rows."""
    rows = _rows(columns[0])
    count: Column = Fixed(np.full(rows, len(columns), dtype=np.dtype([("count", ">i2")])))
    parts = [_pieces(group, rows) for group in _grouped([count, *columns])]
    if len(parts) == 1 and isinstance(parts[0], bytes):
        return _HEADER + parts[0] + _TRAILER
    lists = [_sliced(part, rows) if isinstance(part, bytes) else part for part in parts]
    return _HEADER + b"".join(chain.from_iterable(zip(*lists, strict=True))) + _TRAILER


def _rows(column: Column) -> int:
    return len(column.field) if isinstance(column, Fixed) else len(column.pieces)


def _grouped(columns: Sequence[Column]) -> list[list[Column]]:
    groups: list[list[Column]] = []
    for column in columns:
        if groups and isinstance(column, Fixed) and isinstance(groups[-1][0], Fixed):
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def _pieces(group: list[Column], rows: int) -> bytes | list[bytes]:
    first = group[0]
    if isinstance(first, Variable):
        return first.pieces
    fields = [column.field for column in group if isinstance(column, Fixed)]
    merged = np.empty(rows, np.dtype([(f"f{index}", field.dtype) for index, field in enumerate(fields)]))
    for index, field in enumerate(fields):
        merged[f"f{index}"] = field
    return merged.tobytes()


def _sliced(merged: bytes, rows: int) -> list[bytes]:
    width = len(merged) // rows if rows else 0
    return [merged[start : start + width] for start in range(0, width * rows, width)] if width else []
