"""How much a workbook may unpack to, and what its parser comes to over a damaged one."""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Final, NamedTuple

MOST_PARTS: Final = 2000
MOST_RATIO: Final = 500
SMALL: Final = 16 * 1024**2
"""Bytes; what a part unpacks to below them may be of any ratio."""
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class Part(NamedTuple):
    """A file within the workbook, as its directory declares it: no more than `size` is ever unpacked."""

    name: str
    size: int
    packed: int


def excess(parts: Sequence[Part], most_unpacked: int, most_shared_text: int) -> str | None:
    """What is too much in it; None when nothing is."""
    unpacked = sum(part.size for part in parts)
    bomb = any(part.size > SMALL and part.size > MOST_RATIO * part.packed for part in parts)
    if unpacked > most_unpacked or len(parts) > MOST_PARTS or bomb:
        return f"unpacks to {unpacked} bytes"
    shared = sum(part.size for part in parts if part.name.lower().endswith("sharedstrings.xml"))
    return f"has {shared} bytes of text" if shared > most_shared_text else None
