"""The client of programs on an event loop: `Client`, awaited."""

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx

from creditloop_client.answers import OF_FACTS, PATH, Later, rejected, understand
from creditloop_client.batching import Batch, Gathering
from creditloop_client.client import again_after, answer_of
from creditloop_client.errors import Refused, Rejected
from creditloop_client.facts import Fact, write
from creditloop_client.options import Options, checked_url, headers_of
from creditloop_client.patience import Tries
from creditloop_client.verdicts import Verdict

_log = logging.getLogger("creditloop_client")


class AsyncClient:
    """Sends facts of one source; use it as an async context manager. Arguments and errors are those of `Client`."""

    def __init__(self, url: str, key: str, source: str, options: Options | None = None) -> None:
        self.source = source
        self.options = options or Options()
        self._http = httpx.AsyncClient(
            base_url=checked_url(url),
            headers=headers_of(key),
            timeout=self.options.timeout_s,
            verify=self.options.tls or True,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Its connections are closed."""
        await self._http.aclose()

    async def send(self, fact: Fact) -> Verdict:
        """The service has this fact; see `Client.send`."""
        (verdict,) = await self.deliver(Batch([write(fact, self.source)]))
        if not verdict.delivered:
            raise Rejected(verdict)
        return verdict

    async def send_many(self, facts: Iterable[Fact] | AsyncIterable[Fact]) -> list[Verdict]:
        """A verdict for each fact, in order; see `Client.send_many`."""
        return [verdict async for verdict in self.stream(facts)]

    async def stream(self, facts: Iterable[Fact] | AsyncIterable[Fact]) -> AsyncIterator[Verdict]:
        """As `send_many`, for any number of facts; see `Client.stream`."""
        gathering = Gathering(self.options.limits)
        async for fact in _each(facts):
            if batch := gathering.add(write(fact, self.source)):
                for verdict in await self.deliver(batch):
                    yield verdict
        if batch := gathering.take():
            for verdict in await self.deliver(batch):
                yield verdict

    async def deliver(
        self, batch: Batch, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> list[Verdict]:
        """The verdicts of one batch; see `Client.deliver`."""
        try:
            return await self._deliver_whole(batch, pause)
        except Refused as refusal:
            alone = len(batch.lines) == 1
            if refusal.status not in OF_FACTS or (alone and not refusal.by_ingestion):
                raise
            if alone:
                return [rejected(batch.ids[0], refusal)]
        halves = [await self.deliver(half, pause) for half in batch.halves]
        return [verdict for half in halves for verdict in half]

    async def _deliver_whole(
        self, batch: Batch, pause: Callable[[float], Awaitable[object]]
    ) -> list[Verdict]:
        tries = Tries(self.options.patience)
        body, ids = batch.body, batch.ids
        while isinstance(told := await self._try(body, ids), Later):
            wait_s = tries.wait_s(told, ids)
            _log.warning("%d facts again in %.1f s: %s", len(ids), wait_s, told.why)
            await pause(wait_s)
        return told

    async def _try(self, body: bytes, ids: list[str]) -> list[Verdict] | Later:
        try:
            response = await self._http.post(PATH, content=body)
        except httpx.RequestError as error:
            return again_after(error)
        return understand(answer_of(response), ids, datetime.now(UTC))


async def _each(facts: Iterable[Fact] | AsyncIterable[Fact]) -> AsyncIterator[Fact]:
    if isinstance(facts, AsyncIterable):
        async for fact in facts:
            yield fact
    else:
        for fact in facts:
            yield fact
