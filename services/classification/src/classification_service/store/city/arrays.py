"""numpy's arrays as PostgreSQL's and as Arrow's.

Source: PostgreSQL, `array_send`: dimensions, flags, oid of the elements, length, lower bound; each with its length.
"""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from eventbus.copying import Fixed

Array = npt.NDArray[Any]
_HEAD = struct.Struct(">iiiii")
_BOOLEAN, _INT8, _INT2, _INT4, _TEXT, _FLOAT4, _DATE, _TIMESTAMPTZ = 16, 20, 21, 23, 25, 700, 1082, 1184
_POSTGRES_EPOCH_DAYS = 10_957  # 2000-01-01
_NOT_KNOWN = -(2**31)


def _array(oid: int, kind: str, values: Array) -> bytes:
    elements = np.empty(len(values), np.dtype([("length", ">i4"), ("value", kind)]))
    elements["length"] = elements.dtype["value"].itemsize
    elements["value"] = values
    return _HEAD.pack(1, 0, oid, len(values), 1) + elements.tobytes()


def texts(values: Array) -> bytes:
    """A text[] of texts that are all of the same width."""
    return _array(_TEXT, values.dtype.str, values)


def reals(values: Array) -> bytes:
    """A real[]."""
    return _array(_FLOAT4, ">f4", values)


def smallints(values: Array) -> bytes:
    """A smallint[]."""
    return _array(_INT2, ">i2", values)


def integers(values: Array) -> bytes:
    """An integer[]."""
    return _array(_INT4, ">i4", values)


def bigints(values: Array) -> bytes:
    """A bigint[]."""
    return _array(_INT8, ">i8", values)


def dates(values: Array) -> bytes:
    """A date[] of days since 1970-01-01; -infinity for a day that is not known."""
    days = np.where(values == _NOT_KNOWN, _NOT_KNOWN, values.astype(np.int64) - _POSTGRES_EPOCH_DAYS)
    return _array(_DATE, ">i4", days)


def timestamps(values: Array) -> bytes:
    """A timestamptz[] of microseconds since 2000-01-01 UTC."""
    return _array(_TIMESTAMPTZ, ">i8", values)


def dictionary(words: Sequence[str]) -> bytes:
    """A text[] of texts of any width."""
    encoded = [each.encode() for each in words]
    elements = b"".join(len(each).to_bytes(4, "big") + each for each in encoded)
    return _HEAD.pack(1, 0, _TEXT, len(encoded), 1) + elements


def booleans(values: Array) -> bytes:
    """A boolean[]."""
    return _array(_BOOLEAN, "?", values)


def fixed(values: Array) -> Fixed:
    """A column of values of one width, as they are."""
    field = np.empty(len(values), np.dtype([("length", ">i4"), ("value", values.dtype)]))
    field["length"] = values.dtype.itemsize
    field["value"] = values
    return Fixed(field)


def words(index: Array, named: Sequence[str]) -> Any:
    """An Arrow column of few different words."""
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(list(named)))


def same_width(values: Array) -> Any:
    """An Arrow column of texts that are all of the same width, without copying them."""
    width = values.dtype.itemsize
    offsets = np.arange(0, width * (len(values) + 1), width, dtype=np.int32)
    flat = np.ascontiguousarray(values)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(flat.view(np.uint8)))
