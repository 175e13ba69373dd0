"""The channel that writes letters into a folder: `<day>.jsonl`, one letter to a line, by the day the letter bears.

A file for each letter would cost more than all else that is done for it. A line is there whole or, after a crash,
unfinished: then it is no letter, and the next append starts on a line of its own. A letter that may have been
written before is looked up first, so that it has one line however often it is delivered.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from notification_service.model import Attempt, Letter


class _Line(msgspec.Struct):
    notice_id: str
    uscc: str = ""
    template: str = ""
    issued_on: str = ""
    text: str = ""


class OutboxFolder:
    """Implements `ports.Channel` on a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, letters: Sequence[Letter]) -> list[Attempt]:
        """See `ports.Channel`; files are written in a thread."""
        return await asyncio.to_thread(self._deliver, letters)

    def _deliver(self, letters: Sequence[Letter]) -> list[Attempt]:
        by_day: dict[date, list[Letter]] = defaultdict(list)
        for letter in letters:
            by_day[letter.issued_on].append(letter)
        return [attempt for day, of_day in by_day.items() for attempt in self._deliver_day(day, of_day)]

    def _deliver_day(self, day: date, letters: Sequence[Letter]) -> list[Attempt]:
        try:
            self._append(self._folder / f"{day.isoformat()}.jsonl", letters)
        except OSError as error:
            return [Attempt(letter, str(error)) for letter in letters]
        return [Attempt(letter) for letter in letters]

    def _append(self, file: Path, letters: Sequence[Letter]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        written = _written_among({letter.notice_id for letter in letters if letter.attempts > 1}, file)
        lines = b"".join(_line(letter) for letter in letters if letter.notice_id not in written)
        if not lines:
            return
        handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            write_all(handle, _healed(handle) + lines)
        finally:
            os.close(handle)


def write_all(handle: int, content: bytes) -> None:
    """All of the content is written, also where the system takes it in pieces.

    Raises:
        OSError: the system takes no more.
    """
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _written_among(doubtful: set[str], file: Path) -> set[str]:
    if not doubtful or not file.exists():
        return set()
    with file.open("rb") as lines:
        return doubtful & set(_ids(lines))


def _line(letter: Letter) -> bytes:
    line = _Line(letter.notice_id, letter.uscc, letter.template, letter.issued_on.isoformat(), letter.text)
    return msgspec.json.encode(line) + b"\n"


def _healed(handle: int) -> bytes:
    """A line break where a crash left the last line unfinished."""
    size = os.fstat(handle).st_size
    torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
    return b"\n" if torn else b""


def _ids(lines: Iterable[bytes]) -> Iterable[str]:
    decoder = msgspec.json.Decoder(_Line)
    for line in lines:
        try:
            yield decoder.decode(line).notice_id
        except msgspec.DecodeError:
            continue  # the unfinished line of a crash: its letter is written anew
