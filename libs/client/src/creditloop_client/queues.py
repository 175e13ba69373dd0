"""Where facts wait until the service has them: in memory, or, as `spool.Spool`, on disk."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from creditloop_client.batching import Batch, Gathering, Limits
from creditloop_client.facts import Line
from creditloop_client.verdicts import Verdict

Heard = Callable[[Sequence[Verdict]], None]
"""Told the verdicts of each batch, in order, before the queue forgets it; after a crash perhaps once more."""


def unheard(_verdicts: Sequence[Verdict]) -> None:
    """Verdicts that nobody waits for."""


class Queue(Protocol):
    """Facts in the order they were put. Its sender guards it; `sync` alone may be called beside the others."""

    @property
    def facts(self) -> int:
        """How many wait."""
        ...

    def has_room(self, line: Line) -> bool:
        """Whether this fact may be put; the only one always may."""
        ...

    def append(self, line: Line) -> None:
        """The fact waits behind the others."""
        ...

    def first(self, limits: Limits) -> Batch:
        """The first of those that wait, as many as one request holds; they go on waiting."""
        ...

    def settle(self, batch: Batch, verdicts: Sequence[Verdict]) -> None:
        """The batch, which was the first, was answered, and waits no more."""
        ...

    def sync(self) -> None:
        """What was put is as safe as this queue can make it."""
        ...

    def ids(self) -> list[str]:
        """Those that wait, in order."""
        ...

    def close(self) -> None:
        """Nothing more will be asked of it."""
        ...


class Memory:
    """Waits in memory, bounded by facts and bytes; when the process dies, so do the facts.

    Args:
        most_facts: How many may wait.
        most_bytes: How long they may be in all.
    """

    def __init__(self, most_facts: int = 20_000, most_bytes: int = 64 * 1024 * 1024) -> None:
        self._most_facts = most_facts
        self._most_bytes = most_bytes
        self._lines: deque[Line] = deque()
        self._bytes = 0

    @property
    def facts(self) -> int:
        """How many wait."""
        return len(self._lines)

    def has_room(self, line: Line) -> bool:
        """Whether this fact may be put; the only one always may."""
        fits = self.facts < self._most_facts and self._bytes + len(line.json) <= self._most_bytes
        return fits or not self._lines

    def append(self, line: Line) -> None:
        """The fact waits behind the others."""
        self._lines.append(line)
        self._bytes += len(line.json)

    def first(self, limits: Limits) -> Batch:
        """The first of those that wait, as many as one request holds; they go on waiting."""
        gathering = Gathering(limits)
        for line in self._lines:
            if full := gathering.add(line):
                return full
        return gathering.take() or Batch([])

    def settle(self, batch: Batch, verdicts: Sequence[Verdict]) -> None:  # noqa: ARG002 - a spool keeps some
        """The batch, which was the first, was answered, and waits no more."""
        for line in batch.lines:
            self._lines.popleft()
            self._bytes -= len(line.json)

    def sync(self) -> None:
        """Memory is as safe as it is."""

    def ids(self) -> list[str]:
        """Those that wait, in order."""
        return [line.id for line in self._lines]

    def close(self) -> None:
        """Nothing to be done."""
