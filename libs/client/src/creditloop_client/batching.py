"""Facts put together into requests, bounded by count and bytes."""

from collections.abc import Sequence
from typing import NamedTuple

from creditloop_client.facts import Line

_BRACKETS = 2
_COMMA = 1


class Limits(NamedTuple):
    """The most that one request holds; a fact that is longer goes alone."""

    facts: int = 1000
    bytes: int = 1_000_000


class Batch(NamedTuple):
    """Facts of one request, in order."""

    lines: Sequence[Line]

    @property
    def ids(self) -> list[str]:
        """Their ids, in order."""
        return [line.id for line in self.lines]

    @property
    def body(self) -> bytes:
        """A JSON array of CloudEvents."""
        return b"[" + b",".join([line.json for line in self.lines]) + b"]"

    @property
    def halves(self) -> "tuple[Batch, Batch]":
        """The same facts in two batches."""
        middle = len(self.lines) // 2
        return Batch(self.lines[:middle]), Batch(self.lines[middle:])


class Gathering:
    """Gathers facts until no more fit into one request."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines: list[Line] = []
        self._bytes = _BRACKETS

    def fits(self, line: Line) -> bool:
        """Whether the fact may join those gathered; the first one always may."""
        if not self._lines:
            return True
        size = self._bytes + len(line.json) + _COMMA
        return len(self._lines) < self._limits.facts and size <= self._limits.bytes

    def add(self, line: Line) -> Batch | None:
        """The batch that had to make room for this fact, if any."""
        full = None if self.fits(line) else self.take()
        self._lines.append(line)
        self._bytes += len(line.json) + _COMMA
        return full

    def take(self) -> Batch | None:
        """What is gathered, if anything; nothing is gathered afterwards."""
        batch = Batch(self._lines) if self._lines else None
        self._lines, self._bytes = [], _BRACKETS
        return batch
