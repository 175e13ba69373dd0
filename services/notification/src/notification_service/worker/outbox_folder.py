"""The channel that writes each letter into a folder: `<day>/<notice id>.txt`, and one line in `index.jsonl`.

A letter is written beside its place and renamed, so a reader never sees half of one; written twice it is the same
file. The index has one line per letter: a letter that may have been written before is looked up first.
"""

import asyncio
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from notification_service.model import Attempt, Letter

INDEX = "index.jsonl"


class _IndexLine(msgspec.Struct):
    notice_id: str
    uscc: str = ""
    template: str = ""
    issued_on: str = ""
    file: str = ""


class OutboxFolder:
    """Implements `ports.Channel` on a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, letters: Sequence[Letter]) -> list[Attempt]:
        """See `ports.Channel`; files are written in a thread."""
        return await asyncio.to_thread(self._deliver, letters)

    def _deliver(self, letters: Sequence[Letter]) -> list[Attempt]:
        attempts = [Attempt(letter, self._write(letter)) for letter in letters]
        written = [attempt.letter for attempt in attempts if not attempt.error]
        try:
            self._append_index(written)
        except OSError as error:
            return [Attempt(letter, f"index: {error}") for letter in letters]
        return attempts

    def _write(self, letter: Letter) -> str:
        place = self._folder / _file_of(letter)
        beside = place.with_suffix(".tmp")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(letter.text, encoding="utf-8")
            beside.replace(place)
        except OSError as error:
            return str(error)
        return ""

    def _append_index(self, letters: Sequence[Letter]) -> None:
        doubtful = {letter.notice_id for letter in letters if letter.attempts > 1}
        indexed = self._indexed_among(doubtful)
        lines = b"".join(_line(letter) for letter in letters if letter.notice_id not in indexed)
        if not lines:
            return
        handle = os.open(self._folder / INDEX, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, _healed(handle) + lines)
        finally:
            os.close(handle)

    def _indexed_among(self, doubtful: set[str]) -> set[str]:
        index = self._folder / INDEX
        if not doubtful or not index.exists():
            return set()
        with index.open("rb") as lines:
            return doubtful & set(_ids(lines))


def _file_of(letter: Letter) -> str:
    return f"{letter.issued_on.isoformat()}/{letter.notice_id}.txt"


def _line(letter: Letter) -> bytes:
    line = _IndexLine(
        letter.notice_id, letter.uscc, letter.template, letter.issued_on.isoformat(), _file_of(letter)
    )
    return msgspec.json.encode(line) + b"\n"


def _healed(handle: int) -> bytes:
    """A line break where a crash left the last line unfinished."""
    size = os.fstat(handle).st_size
    torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
    return b"\n" if torn else b""


def _ids(lines: Iterable[bytes]) -> Iterable[str]:
    decoder = msgspec.json.Decoder(_IndexLine)
    for line in lines:
        try:
            yield decoder.decode(line).notice_id
        except msgspec.DecodeError:
            continue  # the unfinished line of a crash: its letter is indexed anew
