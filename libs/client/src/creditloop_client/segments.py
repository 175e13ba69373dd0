"""The files of a spool: numbered segments of records, only ever appended to.

A record is one line: CRC-32 of the fact in eight hexadecimal digits, a blank, the fact, a line feed. What a crash tore
off can so be told from what was written whole.
"""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from creditloop_client.errors import SpoolDamaged, SpoolError

SUFFIX = ".facts"
OVERHEAD = 10
"""Bytes of a record beyond those of its fact."""
_CRC = 9


class Position(NamedTuple):
    """A place between two records: the segment's number and the offset in its file."""

    segment: int
    offset: int


def path_of(folder: Path, segment: int) -> Path:
    """The file of a segment."""
    return folder / f"{segment:012d}{SUFFIX}"


def segments_in(folder: Path) -> list[int]:
    """The numbers of all segments there, in order."""
    return sorted(int(path.name.removesuffix(SUFFIX)) for path in folder.glob(f"*{SUFFIX}"))


def record_of(fact: bytes) -> bytes:
    """The fact as it is written."""
    return b"%08x %s\n" % (zlib.crc32(fact), fact)


def fact_of(record: bytes) -> bytes | None:
    """The fact of a record; None when it is not what was written."""
    fact = record[_CRC:-1]
    return fact if record == record_of(fact) else None


def facts_from(path: Path, offset: int) -> Iterator[bytes]:
    """The facts from there to the end of the file.

    Raises:
        SpoolDamaged: A record is not what was written.
    """
    with path.open("rb") as file:
        file.seek(offset)
        for record in file:
            fact = fact_of(record)
            if fact is None:
                raise SpoolDamaged(f"{path}: the record at byte {offset} is damaged")
            offset += len(record)
            yield fact


def cut_torn_end(path: Path) -> int:
    """The file ends with a whole record, at the offset returned, and is on disk: what follows the last one is cut off.

    Only a crash while a record was written leaves such an end; nobody was told that it was safe.

    Raises:
        SpoolDamaged: Whole records follow what is not one.
    """
    end = 0
    with path.open("rb+") as file:
        for record in file:
            if fact_of(record) is None:
                break
            end += len(record)
        if any(fact_of(record) is not None for record in file):
            raise SpoolDamaged(f"{path}: the record at byte {end} is damaged, and whole ones follow it")
        file.truncate(end)
        os.fsync(file.fileno())
    return end


class Segment:
    """A new segment, open for appending.

    Args:
        folder: Of the spool.
        number: Its number, which no segment had before.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self.number = number
        self.size = 0
        path = path_of(folder, number)
        self._file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600)
        sync_folder(folder)

    def append(self, fact: bytes) -> None:
        """The fact outlives this process.

        Raises:
            SpoolError: It could not be written, and nothing of it is there.
        """
        record = record_of(fact)
        try:
            self._write(record)
        except OSError as error:
            os.ftruncate(self._file, self.size)
            raise SpoolError(f"the spool cannot be written: {error.strerror}") from error
        self.size += len(record)

    def _write(self, record: bytes) -> None:
        written = 0
        while written < len(record):
            written += os.write(self._file, record[written:])

    def duplicate(self) -> int:
        """A descriptor of its own of this file, to be synced and closed by whoever asked."""
        return os.dup(self._file)

    def close(self) -> None:
        """All of it is on disk."""
        sync_and_close(self._file)


def sync_and_close(file: int) -> None:
    """What was written is on disk.

    Raises:
        SpoolError: It may not be.
    """
    try:
        os.fsync(file)
    except OSError as error:
        raise SpoolError(f"the spool cannot be made safe: {error.strerror}") from error
    finally:
        os.close(file)


def sync_folder(folder: Path) -> None:
    """Names made in the folder outlive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
