"""Pages of a job's listing, read from where the last one ended."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from ingestion_service.errors import NoSuchPlace
from ingestion_service.model.file import Listed, ListingPage

MOST_READ = 8 * 1024 * 1024
"""One page reads no more, however few lines are wanted: it then has fewer, and says where to go on."""

_decode = msgspec.json.Decoder(Listed).decode
_header_of = msgspec.json.Decoder(list[str]).decode


def read_page(listing: Path, length: int, start: int, limit: int, verdict: str | None) -> ListingPage:
    """Up to `limit` lines of the verdict from byte `start` on, 0 being the first; of `length` bytes in all.

    Raises:
        NoSuchPlace: No line begins there.
    """
    if not length or not listing.exists():
        return ListingPage([], [], None)
    with listing.open("rb") as file:
        first = file.readline()
        _go_to(file, start or len(first), length)
        lines: list[Listed] = []
        for line in _lines(file, length):
            listed = _decode(line)
            if verdict in (None, listed.verdict):
                lines.append(listed)
            if len(lines) == limit:
                break
        at = file.tell()
    return ListingPage(_header_of(first), lines, at if at < length else None)


def _go_to(file: BinaryIO, start: int, length: int) -> None:
    """The next line read is that which begins at `start`."""
    if not 0 < start <= length:
        raise NoSuchPlace(str(start))
    file.seek(start - 1)
    if file.read(1) != b"\n":
        raise NoSuchPlace(str(start))


def _lines(file: BinaryIO, length: int) -> Iterator[bytes]:
    most = min(length, file.tell() + MOST_READ)
    while file.tell() < most:
        yield file.readline()
