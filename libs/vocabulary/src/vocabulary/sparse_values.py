"""Indicator values as bytes: those that are not zero, each with its position.

Most indicators of most entities are zero, so that this takes a quarter of the room of all values side by side.
Not a number, which stands for not known, is a value like any other.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vocabulary.errors import UnreadableValuesError

ENTRY = np.dtype([("position", "<u2"), ("value", "<f4")])
"""One value: 6 bytes, in order of position."""
MOST_VALUES = 2**16
Matrix = npt.NDArray[np.float32]


def pack(values: Matrix) -> list[bytes]:
    """One text of bytes for each row of `values`."""
    bits = values.view(np.uint32)
    rows, positions = np.nonzero(bits)
    entries = np.empty(len(rows), ENTRY)
    entries["position"] = positions
    entries["value"] = values[rows, positions]
    joined, size = entries.tobytes(), ENTRY.itemsize
    ends = (np.searchsorted(rows, np.arange(len(values)), side="right") * size).tolist()
    return [joined[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []


def unpack(packed: Sequence[bytes], width: int) -> Matrix:
    """One row of `width` values for each text.

    Raises:
        UnreadableValuesError: A text is cut off, or a position is `width` or more.
    """
    values = np.zeros((len(packed), width), np.float32)
    lengths = np.fromiter(map(len, packed), np.intp, len(packed))
    counts, rest = np.divmod(lengths, ENTRY.itemsize)
    entries: npt.NDArray[Any] = (
        np.frombuffer(b"".join(packed), ENTRY) if not rest.any() else np.empty(0, ENTRY)
    )
    if rest.any() or (entries["position"] >= width).any():
        raise UnreadableValuesError(f"not {width} values: {lengths.max(initial=0)} bytes at most")
    values[np.repeat(np.arange(len(packed)), counts), entries["position"]] = entries["value"]
    return values
