"""Facts of one request: judged here, made durable by the writer."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from opentelemetry import propagate

from ingestion_service.http_api.edge import Edge
from ingestion_service.model.fact import Fact
from ingestion_service.model.source import Source
from ingestion_service.model.verdict import Verdict
from ingestion_service.rules.counting import verdict_of
from ingestion_service.rules.judging import Bench, judge

PIECE = 500
"""Facts judged at a stretch: under two milliseconds of CPU, so that other requests are not kept waiting."""
_IN_FLIGHT = 8
_PATIENCE_S = 2.0
_STREAM_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Intake:
    """What one sender's facts are taken with; `traceparent` is that of the request."""

    edge: Edge
    senders: Mapping[str, Source]
    traceparent: str
    patience_s: float = _PATIENCE_S

    def admit(self, facts: int | None) -> None:
        """The sender's rate allows so many facts now; None: a stream, counted while it comes.

        Raises:
            TooMany: It does not.
        """
        for source in self.senders.values():
            if source.rate is not None:
                self.edge.pacer.admit(source, facts)

    async def _paced(self, pieces: AsyncIterator[Sequence[bytes]]) -> AsyncIterator[Sequence[bytes]]:
        async for lines in pieces:
            for source in self.senders.values():
                self.edge.pacer.charge(source, len(lines))
            yield lines

    def paced(self, pieces: AsyncIterator[Sequence[bytes]]) -> AsyncIterator[Sequence[bytes]]:
        """The pieces of a stream that was admitted, counted as they come."""
        limited = any(source.rate is not None for source in self.senders.values())
        return self._paced(pieces) if limited else pieces

    async def take(self, lines: Sequence[bytes]) -> list[Verdict]:
        """The verdicts of these CloudEvents, in order; those that belong in the ledger are there.

        Raises:
            WriterBusy: Too many facts wait.
            WriterUnavailable: The ledger cannot be written.
        """
        judged = judge(lines, Bench(self.senders, self.edge.latest_ms()), self.traceparent)
        facts = [item for item in judged if isinstance(item, Fact)]
        told = iter(await self.edge.writer.submit(facts, self.patience_s))
        return [item if isinstance(item, Verdict) else verdict_of(item, next(told)) for item in judged]

    async def take_all(self, lines: Sequence[bytes]) -> list[Verdict]:
        """The same for any number of CloudEvents; many are taken piece by piece, with a stream's patience."""
        if len(lines) <= PIECE:
            return await self.take(lines)
        verdicts: list[Verdict] = []
        async with aclosing(replace(self, patience_s=_STREAM_PATIENCE_S).stream(_pieces(lines))) as pieces:  # type: ignore[type-var]
            async for some in pieces:
                verdicts += some
        return verdicts

    async def stream(self, pieces: AsyncIterator[Sequence[bytes]]) -> AsyncIterator[list[Verdict]]:
        """Verdicts piece by piece, in order, as soon as known; reading waits while too much is in flight."""
        reading: asyncio.Task[Sequence[bytes] | None] | None = asyncio.create_task(_next(pieces))
        waiting: deque[asyncio.Task[list[Verdict]]] = deque()
        try:
            while reading is not None or waiting:
                room = reading is not None and len(waiting) < _IN_FLIGHT
                awaited: list[asyncio.Task[Any]] = [
                    *([reading] if reading and room else []),
                    *list(waiting)[:1],
                ]
                await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
                if waiting and waiting[0].done():
                    yield await waiting.popleft()
                if reading is not None and room and reading.done():
                    lines = reading.result()
                    reading = None if lines is None else asyncio.create_task(_next(pieces))
                    if lines:
                        waiting.append(asyncio.create_task(self.take(lines)))
        finally:
            await _abandoned([*waiting, *([reading] if reading else [])])


async def _pieces(lines: Sequence[bytes]) -> AsyncIterator[Sequence[bytes]]:
    for start in range(0, len(lines), PIECE):
        yield lines[start : start + PIECE]


async def _next(pieces: AsyncIterator[Sequence[bytes]]) -> Sequence[bytes] | None:
    return await anext(pieces, None)


async def _abandoned(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def intake_of(edge: Edge, source: str | None, *, streaming: bool = False) -> Intake:
    """The intake of a request of this source."""
    senders = await edge.senders.sender(source or "")
    return Intake(edge, senders, _traceparent(), _STREAM_PATIENCE_S if streaming else _PATIENCE_S)


def _traceparent() -> str:
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent", "")
