"""Facts that wait on disk, so that a source's crash loses none.

Crash where it may, on opening:

| crash | what is found | what happens |
|---|---|---|
| while a fact is written | a torn end | cut off: its `put` never returned |
| after `put` returned | the fact | sent (after a loss of power: what was flushed) |
| sent, not yet answered or not yet noted | the fact, before the position | sent again; the service counts it once |
| while the position is noted | the one before, or the new one | as above, or not sent again |
| position noted, segment not yet deleted | a segment before the position | deleted |
| rejected, position not yet noted | the fact, and its line in `rejected.ndjson` | sent again, a second line |

A segment left by another process is never appended to, so that no fact can come to lie before a position noted.
"""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from creditloop_client.batching import Batch, Gathering, Limits
from creditloop_client.errors import SpoolError, SpoolInUse
from creditloop_client.facts import Line
from creditloop_client.segments import (
    OVERHEAD,
    Position,
    Segment,
    cut_torn_end,
    facts_from,
    path_of,
    segments_in,
    sync_and_close,
)
from creditloop_client.verdicts import Verdict

REJECTED = "rejected.ndjson"
_LOCK = "lock"
_POSITION = "position"
_WHOLE = "end"


class Spool:
    """A queue in a folder of its own; what waits there is sent by whoever opens it next.

    Args:
        folder: Made when it is not there; facts can be personal data, so only its owner may read it.
        most_bytes: How much may wait.
        segment_bytes: A segment that is longer is followed by a new one; whole segments are deleted once answered.

    Raises:
        SpoolInUse: Another process has it.
        SpoolDamaged: What is there is not what was written.
    """

    def __init__(
        self, folder: Path | str, *, most_bytes: int = 1 << 30, segment_bytes: int = 8 * 1024 * 1024
    ) -> None:
        self._folder = Path(folder)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._most_bytes = most_bytes
        self._segment_bytes = segment_bytes
        self._guard = threading.Lock()
        self._lock = _locked(self._folder / _LOCK)
        self._writing: Segment | None = None
        try:
            self._open()
        except BaseException:
            os.close(self._lock)
            raise

    def _open(self) -> None:
        noted = self._head = self._noted()
        found = segments_in(self._folder)
        self._next = max([noted.segment, *found]) + 1
        ends = {
            number: cut_torn_end(path_of(self._folder, number)) for number in found if number >= noted.segment
        }
        self._sizes = {number: end for number, end in ends.items() if end > self._offset_in(number)}
        for number in set(found) - set(self._sizes):
            path_of(self._folder, number).unlink()
        waiting = [len(fact) + OVERHEAD for fact in self._waiting()]
        self.facts, self._bytes = len(waiting), sum(waiting)

    def _offset_in(self, number: int) -> int:
        return self._head.offset if number == self._head.segment else 0

    def _noted(self) -> Position:
        """Up to where all is answered; the beginning where nothing, or nothing whole, was noted."""
        try:
            segment, offset, end = (self._folder / _POSITION).read_text().split(" ")
            return Position(int(segment), int(offset)) if end == _WHOLE else Position(0, 0)
        except (OSError, ValueError):
            return Position(0, 0)

    def _waiting(self) -> Iterator[bytes]:
        for number in self._sizes:
            yield from facts_from(path_of(self._folder, number), self._offset_in(number))

    # -- putting --------------------------------------------------------------------------------------------

    def has_room(self, line: Line) -> bool:
        """Whether this fact may be put; the only one always may."""
        return not self.facts or self._bytes + len(line.json) + OVERHEAD <= self._most_bytes

    def append(self, line: Line) -> None:
        """The fact outlives this process; after `sync`, a loss of power too.

        Raises:
            SpoolError: It could not be written, such as on a full disk, and is not in the spool.
        """
        with self._guard:
            if self._writing is None or self._writing.size >= self._segment_bytes:
                self._writing = self._next_segment()
            self._writing.append(line.json)
            self._sizes[self._writing.number] = self._writing.size
            self.facts += 1
            self._bytes += len(line.json) + OVERHEAD

    def _next_segment(self) -> Segment:
        if self._writing is not None:
            self._writing.close()
            self._writing = None
        try:
            segment = Segment(self._folder, self._next)
        except OSError as error:
            raise SpoolError(f"the spool cannot be written: {error.strerror}") from error
        self._next += 1
        return segment

    def sync(self) -> None:
        """All that was put outlives a loss of power."""
        with self._guard:
            descriptor = None if self._writing is None else self._writing.duplicate()
        if descriptor is not None:
            sync_and_close(descriptor)

    # -- taking ---------------------------------------------------------------------------------------------

    def first(self, limits: Limits) -> Batch:
        """The first of those that wait, as many as one request holds; they go on waiting."""
        gathering = Gathering(limits)
        with self._guard:
            for fact in self._waiting():
                if full := gathering.add(Line(json.loads(fact)["id"], fact)):
                    return full
        return gathering.take() or Batch([])

    def settle(self, batch: Batch, verdicts: Sequence[Verdict]) -> None:
        """The batch, which was the first, was answered, and waits no more; what was rejected is kept beside."""
        self._keep_rejected(batch, verdicts)
        with self._guard:
            for line in batch.lines:
                self._advance(len(line.json) + OVERHEAD)
            self._note()
            for number in [number for number in self._sizes if number < self._head.segment]:
                del self._sizes[number]
                path_of(self._folder, number).unlink()

    def _advance(self, size: int) -> None:
        """The head is behind the first record that waits, which may be that of a further segment."""
        number = next(each for each, end in self._sizes.items() if end > self._end_of_answered(each))
        self._head = Position(number, self._end_of_answered(number) + size)
        self.facts -= 1
        self._bytes -= size

    def _end_of_answered(self, number: int) -> int:
        return self._sizes[number] if number < self._head.segment else self._offset_in(number)

    def _note(self) -> None:
        """The position is noted, whole or not at all.

        It is not synced: should a loss of power take it back, facts are sent again, and counted once.
        """
        partial = self._folder / f"{_POSITION}.partial"
        partial.write_text(f"{self._head.segment} {self._head.offset} {_WHOLE}")
        partial.replace(self._folder / _POSITION)

    def _keep_rejected(self, batch: Batch, verdicts: Sequence[Verdict]) -> None:
        lines = [
            b'{"why":%s,"fact":%s}\n' % (json.dumps(verdict.why, ensure_ascii=False).encode(), line.json)
            for line, verdict in zip(batch.lines, verdicts, strict=True)
            if not verdict.delivered
        ]
        if lines:
            file = os.open(self._folder / REJECTED, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            os.write(file, b"".join(lines))
            sync_and_close(file)

    def ids(self) -> list[str]:
        """Those that wait, in order."""
        with self._guard:
            return [json.loads(fact)["id"] for fact in self._waiting()]

    def close(self) -> None:
        """All of it is on disk; another process may open it."""
        with self._guard:
            if self._writing is not None:
                self._writing.close()
                self._writing = None
            os.close(self._lock)


def _locked(path: Path) -> int:
    """A descriptor that holds the lock until it is closed, or its process ends."""
    try:
        import fcntl  # noqa: PLC0415 - everything else works where there is none
    except ImportError as error:
        raise SpoolError("a spool needs POSIX file locks") from error
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise SpoolInUse(f"{path.parent} is in use by another process") from error
    return descriptor
