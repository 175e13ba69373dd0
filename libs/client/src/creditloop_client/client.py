"""The client of programs that wait."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx

from creditloop_client.answers import OF_FACTS, PATH, Answer, Later, rejected, understand
from creditloop_client.batching import Batch, Gathering
from creditloop_client.errors import Refused, Rejected, UnexpectedAnswer
from creditloop_client.facts import Fact, write
from creditloop_client.options import Options, checked_url, headers_of
from creditloop_client.patience import Tries
from creditloop_client.verdicts import Verdict

_log = logging.getLogger("creditloop_client")
WRONG_USE = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.TooManyRedirects)
"""Errors of requests that another try does not cure."""


class Client:
    """Sends facts of one source; use it as a context manager, from one thread at a time.

    Args:
        url: Where ingestion is, such as `https://creditloop.example`.
        key: The source's API key.
        source: The name under which the source is registered (信息源).
        options: How it sends.
    """

    def __init__(self, url: str, key: str, source: str, options: Options | None = None) -> None:
        self.source = source
        self.options = options or Options()
        self._http = httpx.Client(
            base_url=checked_url(url),
            headers=headers_of(key),
            timeout=self.options.timeout_s,
            verify=self.options.tls or True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Its connections are closed."""
        self._http.close()

    def send(self, fact: Fact) -> Verdict:
        """The service has this fact.

        Raises:
            Rejected: It does not take it, and says which field is wrong.
            UnusableFact: It cannot be written as it is.
            Unanswered: No answer in all the time allowed; send it again, with the same id.
            Refused: The request was refused: key, rights.
        """
        (verdict,) = self.deliver(Batch([write(fact, self.source)]))
        if not verdict.delivered:
            raise Rejected(verdict)
        return verdict

    def send_many(self, facts: Iterable[Fact]) -> list[Verdict]:
        """A verdict for each fact, in order; one that is rejected does not keep the others.

        Raises:
            UnusableFact, Unanswered, Refused: As `send`; facts before may be there: sent again they count once.
        """
        return list(self.stream(facts))

    def stream(self, facts: Iterable[Fact]) -> Iterator[Verdict]:
        """As `send_many`, for any number of facts: nothing is read or sent until a verdict is asked for."""
        gathering = Gathering(self.options.limits)
        for fact in facts:
            if batch := gathering.add(write(fact, self.source)):
                yield from self.deliver(batch)
        if batch := gathering.take():
            yield from self.deliver(batch)

    def deliver(self, batch: Batch, pause: Callable[[float], object] = time.sleep) -> list[Verdict]:
        """The verdicts of one batch, which is sent whole, with the same ids, until it is answered.

        What is refused for what is in it is sent again in halves, until only the fact at fault is left: that one is
        rejected, where ingestion itself says so.

        Raises:
            Unanswered, Refused, UnexpectedAnswer: As `send`.
        """
        try:
            return self._deliver_whole(batch, pause)
        except Refused as refusal:
            alone = len(batch.lines) == 1
            if refusal.status not in OF_FACTS or (alone and not refusal.by_ingestion):
                raise
            if alone:
                return [rejected(batch.ids[0], refusal)]
        halves = [self.deliver(half, pause) for half in batch.halves]
        return [verdict for half in halves for verdict in half]

    def _deliver_whole(self, batch: Batch, pause: Callable[[float], object]) -> list[Verdict]:
        tries = Tries(self.options.patience)
        body, ids = batch.body, batch.ids
        while isinstance(told := self._try(body, ids), Later):
            wait_s = tries.wait_s(told, ids)
            _log.warning("%d facts again in %.1f s: %s", len(ids), wait_s, told.why)
            pause(wait_s)
        return told

    def _try(self, body: bytes, ids: list[str]) -> list[Verdict] | Later:
        try:
            response = self._http.post(PATH, content=body)
        except httpx.RequestError as error:
            return again_after(error)
        return understand(answer_of(response), ids, datetime.now(UTC))


def again_after(error: httpx.RequestError) -> Later:
    """The network failed: whether the facts arrived is not known.

    Raises:
        UnexpectedAnswer: It would fail so again.
    """
    why = f"{type(error).__name__} {error}".strip()
    if isinstance(error, WRONG_USE):
        raise UnexpectedAnswer(why) from error
    return Later(why)


def answer_of(response: httpx.Response) -> Answer:
    """The answer, apart from the library that brought it."""
    return Answer(response.status_code, response.headers, response.content)
