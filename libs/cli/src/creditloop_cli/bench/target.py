"""The running stack as a benchmark sees it: where to post, what to ask."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from creditloop_cli.errors import CommandError
from creditloop_cli.services import Services

INBOUND = "creditloop.inbound.v1"
Addressed = tuple[str, bytes]
"""A fact with the code of the entity it is about."""

Send = Callable[[Sequence[Addressed]], Awaitable[None]]
"""One way to post: it returns once the facts are acknowledged."""

_PATIENCE_S = 120.0


class PostingFailed(CommandError):
    """Raised when facts were refused, or not accepted within two minutes."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of a stack are.

    Attributes:
        bootstrap: Kafka's `host:port`.
        partitions: Partitions of every topic.
        api_key: Key of the source that posts.
    """

    bootstrap: str
    partitions: int
    api_key: str


class Target:
    """Posts facts and asks the services how far they are; an async context manager."""

    def __init__(self, addresses: Addresses, services: Services) -> None:
        self.addresses = addresses
        self.services = services
        self._source = {"X-API-Key": addresses.api_key, "Content-Type": "application/x-ndjson"}
        self._http = httpx.AsyncClient(timeout=60)
        self._producer = AIOKafkaProducer(
            bootstrap_servers=addresses.bootstrap, acks="all", compression_type="zstd", max_batch_size=500_000
        )

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()
        await self._http.aclose()

    async def post(self, facts: Sequence[Addressed]) -> None:
        """Post facts over HTTP, again with the same identifiers until they are accepted or known.

        Raises:
            PostingFailed: A fact was refused, or two minutes went by.
        """
        async with asyncio.timeout(_PATIENCE_S):
            while not await self._posted(b"\n".join(fact for _, fact in facts), len(facts)):
                await asyncio.sleep(0.1)

    async def _posted(self, body: bytes, expected: int) -> bool:
        url = f"{self.services.urls['ingestion']}/v1/facts?verdicts=summary"
        try:
            answer = await self._http.post(url, content=body, headers=self._source)
        except httpx.TransportError:
            return False
        if answer.status_code in {429, 500, 502, 503}:
            return False
        verdicts = answer.json() if answer.is_success else {}
        if verdicts.get("accepted", 0) + verdicts.get("duplicate", 0) != expected:
            raise PostingFailed(f"{answer.status_code}: {answer.text[:500]}")
        return True

    async def publish(self, facts: Sequence[Addressed]) -> None:
        """Publish facts to the inbound topic in few record sets, and wait for their acknowledgement."""
        by_partition: dict[int, list[Addressed]] = {}
        for code, fact in facts:
            partition = zlib.crc32(code.encode()) % self.addresses.partitions
            by_partition.setdefault(partition, []).append((code, fact))
        await asyncio.gather(*(self._publish(partition, batch) for partition, batch in by_partition.items()))

    async def _publish(self, partition: int, facts: Sequence[Addressed]) -> None:
        builder = self._producer.create_batch()
        for code, fact in facts:
            if builder.append(key=code.encode(), value=fact, timestamp=None) is None:
                await (await self._producer.send_batch(builder, INBOUND, partition=partition))
                builder = self._producer.create_batch()
                builder.append(key=code.encode(), value=fact, timestamp=None)
        await (await self._producer.send_batch(builder, INBOUND, partition=partition))

    async def inbound_ends(self) -> dict[int, int]:
        """The end of the inbound topic's partitions: the offset the next record will get."""
        async with AIOKafkaConsumer(bootstrap_servers=self.addresses.bootstrap) as consumer:
            partitions = [TopicPartition(INBOUND, number) for number in range(self.addresses.partitions)]
            ends: dict[TopicPartition, int] = await consumer.end_offsets(partitions)
            return {each.partition: end for each, end in ends.items()}

    async def classes(self, codes: Sequence[str]) -> dict[str, str]:
        """The current class of each entity that has one."""
        found = await self.services.post("classification", "/v1/classes/lookup", {"usccs": list(codes)})
        return {row["uscc"]: row["risk_class"] for row in found["items"]}
