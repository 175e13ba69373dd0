"""Text of files: its encoding, its lines; never more than a bounded part of it in memory."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from ingestion_service.errors import FileRefused

CHUNK = 1024 * 1024
LONGEST_LINE = 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MOST_MANGLED = 10
"""Of so many characters beyond ASCII one may be unreadable, and the encoding is still believed."""


def encoding_of(file: BinaryIO, told: str | None) -> str:
    """The encoding of the file's text: as told; by its mark; or by the first part that is not plain ASCII.

    Raises:
        FileRefused: It is none that is read.
    """
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    marked = next((encoding for bom, encoding in _BOMS if start.startswith(bom)), None)
    if marked or told:
        return marked or str(told).lower()
    try:
        while chunk := file.read(CHUNK):
            if not chunk.isascii():
                return _encoding_of(chunk)
    finally:
        file.seek(0)
    return "utf-8"


def _encoding_of(chunk: bytes) -> str:
    """The first that nearly all of the text fits: a few bytes may be mangled in any file."""
    for encoding in ("utf-8", "gb18030"):
        text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(chunk)
        beyond_ascii = sum(1 for character in text if character > "\x7f")
        if text.count("\ufffd") * _MOST_MANGLED <= beyond_ascii:
            return encoding
    raise FileRefused("encoding", "cannot be told", "utf-8 or gb18030; or say it in the mapping")


class Lines:
    """The lines of a file as text, with their ends; what cannot be decoded stands as U+FFFD.

    Attributes:
        consumed: Bytes read so far.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.consumed = 0
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        """Raises FileRefused at a line that is too long."""
        rest = ""
        while chunk := self._file.read(CHUNK):
            self.consumed += len(chunk)
            *lines, rest = (rest + self._decoder.decode(chunk)).split("\n")
            for line in lines:
                self._count(line)
                yield line + "\n"
            if len(rest) > LONGEST_LINE:
                self._count(rest)
        rest += self._decoder.decode(b"", final=True)
        if rest:
            self._count(rest)
            yield rest

    def _count(self, line: str) -> None:
        self._number += 1
        if len(line) > LONGEST_LINE:
            raise FileRefused(
                f"line {self._number}", f"is longer than {LONGEST_LINE} characters", "one row on each line"
            )
