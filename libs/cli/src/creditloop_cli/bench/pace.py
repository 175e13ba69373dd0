"""How fast the benchmark posts: evenly in time, and as fast as the loop takes it but no faster."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence

from booksaudit.lanes import Standing

from creditloop_cli.bench import progress
from creditloop_cli.bench.target import Addressed, Send

IN_FLIGHT = 40_000
_SETTLE_S = 4.0
_LEAST_RATE = 500.0
_WINDOW = 5
_CATCH_UP_S = 0.25


class Pace:
    """Hands out chunks of the stream to the posters of one way, evenly in time, until the time is up.

    Attributes:
        rate: Facts per second; may be changed while posters wait.
        taken: Facts handed out.
    """

    def __init__(self, stream: Iterator[Addressed], until: float, rate: float, size: int) -> None:
        self._stream = stream
        self._until = until
        self._size = size
        self._due = time.perf_counter()
        self.rate = rate
        self.taken = 0

    async def next(self) -> list[Addressed]:
        """The next chunk when it is due, empty when time is up; a quarter of a second may be caught up."""
        now = time.perf_counter()
        at = max(self._due, now - _CATCH_UP_S)
        self._due = at + self._size / self.rate
        await asyncio.sleep(max(0.0, at - now))
        if time.perf_counter() >= self._until:
            return []
        self.taken += self._size
        return list(itertools.islice(self._stream, self._size))

    async def post(self, send: Send) -> None:
        """Post chunk after chunk in this way; several may do so at once."""
        while chunk := await self.next():
            await send(chunk)


class Throttle:
    """Holds what is under way near `IN_FLIGHT` facts: enough for every stage to be busy, too few for a queue.

    Args:
        paces: Those that post; each gets an equal part of the rate.
        accepted: Facts ingestion had accepted before.

    Attributes:
        counts: At each look the time in seconds, and how many facts had their class.
        under_way: Facts posted and events published that were not classified yet.
    """

    def __init__(self, paces: Sequence[Pace], accepted: int) -> None:
        self._paces = paces
        self._accepted = accepted
        self.counts: list[tuple[float, int]] = []
        self.under_way = 0

    def look(self, standing: Standing, now: float) -> None:
        """Take note of how far the loop is at this second, and let the paces go as fast as it does."""
        taken = sum(pace.taken for pace in self._paces)
        unaccepted = taken - (progress.facts_accepted(standing) - self._accepted)
        self.under_way = max(unaccepted, 0) + progress.events_to_the_class(standing)
        self.counts.append((now, taken - self.under_way))
        rate = aim(self.rate(_WINDOW), self.under_way) / len(self._paces)
        for pace in self._paces:
            pace.rate = rate

    def rate(self, looks: int) -> float:
        """Facts per second that got their class, over that many looks back; 0 after the first."""
        (then, before), (now, after) = self.counts[-looks - 1 :][0], self.counts[-1]
        return (after - before) / (now - then) if now > then else 0.0

    def slowest(self, window_s: float) -> float:
        """The lowest rate over any window of that length; 0 where there was none."""
        rates = []
        first = 0
        for now, done in self.counts:
            while now - self.counts[first + 1][0] >= window_s if first + 1 < len(self.counts) else False:
                first += 1
            if now - self.counts[first][0] >= window_s:
                rates.append((done - self.counts[first][1]) / (now - self.counts[first][0]))
        return min(rates, default=0.0)


def aim(measured: float, under_way: int) -> float:
    """The rate to post at, facts per second: that of the loop, and what fills or empties the queue in four seconds."""
    return max(measured + (IN_FLIGHT - under_way) / _SETTLE_S, _LEAST_RATE)
