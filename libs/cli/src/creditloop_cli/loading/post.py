"""Posts facts to ingestion over a few connections; on each the batches go one after the other, in order."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpx
import msgspec

from creditloop_cli.errors import NotUp, Refused
from creditloop_cli.loading.batch import NDJSON, Batch
from creditloop_cli.loading.tally import Tally
from creditloop_cli.services import problem_of

DEFAULT_CONNECTIONS = 3
_WAITING = 2
_TIMEOUT_S = 120.0
_END = None
_BROKEN_OFF = b'{"problem"'
Advance = Callable[[int], None]


def unwatched(_facts: int) -> None:
    """Progress that nobody watches."""


class Verdict(msgspec.Struct):
    """Ingestion's answer for one fact."""

    verdict: str
    id: str | None = None
    reason: str | None = None
    problems: list[dict[str, Any]] = []

    @property
    def why(self) -> str:
        """The reason, or what was wrong with which field."""
        said = "; ".join(f"{each.get('field')} {each.get('problem')}" for each in self.problems)
        return said or self.reason or ""


_verdict = msgspec.json.Decoder(Verdict)


async def post_facts(
    url: str,
    keys: Mapping[str, str],
    placed: Iterable[tuple[int, Batch]],
    *,
    connections: int = DEFAULT_CONNECTIONS,
    advance: Advance = unwatched,
) -> Tally:
    """Every batch is answered, each on the connection its lane names.

    `placed` is read only as fast as ingestion answers, so memory holds a few batches at most.

    Raises:
        NotUp: Ingestion does not answer.
        Refused: It refused a whole request.
    """
    tally = Tally()
    queues: list[asyncio.Queue[Batch | None]] = [asyncio.Queue(_WAITING) for _ in range(connections)]
    async with httpx.AsyncClient(base_url=url, timeout=_TIMEOUT_S) as client:
        posts = [_drain(client, keys, queue, tally, advance) for queue in queues]
        await _together(_fill(queues, placed, tally), *posts)
    return tally


async def _together(*tasks: Any) -> None:
    """All at once; the first failure ends the others and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _fill(
    queues: list[asyncio.Queue[Batch | None]], placed: Iterable[tuple[int, Batch]], tally: Tally
) -> None:
    for lane, batch in placed:
        tally.read += len(batch.lines)
        await queues[lane % len(queues)].put(batch)
    for queue in queues:
        await queue.put(_END)


async def _drain(
    client: httpx.AsyncClient,
    keys: Mapping[str, str],
    queue: asyncio.Queue[Batch | None],
    tally: Tally,
    advance: Advance,
) -> None:
    while (batch := await queue.get()) is not _END:
        for verdict in await _post(client, keys[batch.source], batch):
            tally.add(verdict.verdict, verdict.why)
        advance(len(batch.lines))


async def _post(client: httpx.AsyncClient, key: str, batch: Batch) -> list[Verdict]:
    headers = {"X-API-Key": key, "Content-Type": NDJSON}
    try:
        response = await client.post("/v1/facts", content=batch.ndjson(), headers=headers)
    except httpx.TransportError as error:
        raise NotUp(f"ingestion does not answer: {type(error).__name__}") from error
    verdicts = verdicts_of(response)
    if len(verdicts) != len(batch.lines):
        raise Refused(f"ingestion answered for {len(verdicts)} of {len(batch.lines)} facts")
    return verdicts


def verdicts_of(response: httpx.Response) -> list[Verdict]:
    """The verdicts of an answer, one line each, in the order of the facts.

    Raises:
        Refused: The request was refused, or broken off.
    """
    if response.is_error:
        raise Refused(f"ingestion POST /v1/facts: {problem_of(response)}")
    lines = response.content.splitlines()
    if lines and lines[-1].startswith(_BROKEN_OFF):
        problem = msgspec.json.decode(lines[-1])["problem"]
        raise Refused(f"ingestion broke off: {problem.get('detail') or problem.get('title')}")
    return [_verdict.decode(line) for line in lines]
