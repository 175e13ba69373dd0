"""Topics of a Kafka cluster, ours or an external one."""

# mypy: allow-untyped-calls
# aiokafka ships no types.

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

_REQUEST_TIMEOUT_MS = 10_000
_POLL_S = 0.02


@asynccontextmanager
async def admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """An administrator's connection to the cluster at `bootstrap` (`host:port[,host:port]`)."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=_REQUEST_TIMEOUT_MS)
    try:
        await client.start()
        yield client
    finally:
        await client.close()


async def answers(bootstrap: str) -> bool:
    """Whether the cluster answers a metadata request and names at least one broker."""
    try:
        with _quiet():
            async with admin(bootstrap) as client:
                return bool((await client.describe_cluster())["brokers"])
    except KafkaError:
        return False


async def create(bootstrap: str, names: Iterable[str], *, partitions: int) -> None:
    """The topics exist and have leaders, ready for a producer; those that existed stay as they are.

    Raises:
        KafkaError: The cluster refused a topic for another reason.
    """
    wanted = list(names)
    new = [NewTopic(name, num_partitions=partitions, replication_factor=1) for name in wanted]
    async with admin(bootstrap) as client:
        response = (await client.create_topics(new)).to_object()
        _raise_refusals(response["topic_errors"], tolerated=TopicAlreadyExistsError)
        while not await _led(client, wanted):
            await asyncio.sleep(_POLL_S)


async def _led(client: AIOKafkaAdminClient, names: list[str]) -> bool:
    """Whether the broker that answers has heard of every topic and of its leaders."""
    described = await client.describe_topics(names)
    return all(topic["partitions"] and not topic["error_code"] for topic in described)


async def delete(bootstrap: str, name: str) -> None:
    """The topic is gone, or was never there."""
    async with admin(bootstrap) as client:
        response = (await client.delete_topics([name])).to_object()
    _raise_refusals(response["topic_error_codes"], tolerated=UnknownTopicOrPartitionError)


def _raise_refusals(outcomes: Iterable[Mapping[str, Any]], *, tolerated: type[KafkaError]) -> None:
    for outcome in outcomes:
        error = for_code(outcome["error_code"])
        if outcome["error_code"] and error is not tolerated:
            raise error(f"topic {outcome['topic']}")


@contextmanager
def _quiet() -> Iterator[None]:
    """The client does not report a broker that is merely not there yet as an error."""
    logger = logging.getLogger("aiokafka")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
