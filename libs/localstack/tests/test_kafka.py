"""A real Kafka: topics, and messages that survive a kill."""

import socket
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import InvalidTopicError
from localstack import Stack
from localstack.kafka import broker, topics
from localstack.ports import HOST


async def _produce(bootstrap: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait(topic, value)


async def _first(bootstrap: str, topic: str) -> bytes | None:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id="test", auto_offset_reset="earliest"
    )
    async with consumer:
        return (await consumer.getone()).value


async def test_every_topic_of_the_loop_exists(servers: Stack) -> None:
    """Topics are never created by accident, so they must be there before a service asks."""
    async with topics.admin(servers.kafka) as client:
        described = await client.describe_topics(["creditloop.inbound.v1", "creditloop.profiling.v1"])

    assert [len(each["partitions"]) for each in described] == [4, 4]


async def test_creating_a_topic_twice_changes_nothing(servers: Stack) -> None:
    """Every start creates the topics again."""
    await topics.create(servers.kafka, ["creditloop.inbound.v1"], partitions=9)

    async with topics.admin(servers.kafka) as client:
        (described,) = await client.describe_topics(["creditloop.inbound.v1"])
    assert len(described["partitions"]) == 4


async def test_a_refused_topic_is_an_error(servers: Stack) -> None:
    """Only a topic that exists already may be passed over."""
    with pytest.raises(InvalidTopicError):
        await topics.create(servers.kafka, ["no such name"], partitions=1)


async def test_a_message_survives_a_kill_of_the_broker(servers: Stack) -> None:
    """Clients keep their address, and what was acknowledged is still there."""
    before = servers.kafka
    await _produce(before, "creditloop.repair.v1", b"kept")
    await servers.kill("kafka")

    await servers.restart("kafka")

    assert servers.kafka == before
    assert await _first(before, "creditloop.repair.v1") == b"kept"


async def test_a_fresh_topic_has_the_partitions_asked_for(
    fresh_topic: Callable[..., str], kafka_bootstrap: str
) -> None:
    """Order is per partition, so a test chooses how many it wants."""
    name = fresh_topic(partitions=3)

    async with topics.admin(kafka_bootstrap) as client:
        (described,) = await client.describe_topics([name])
    assert len(described["partitions"]) == 3


async def test_nothing_listening_is_not_an_answer() -> None:
    """While it starts, a broker that is not there is no error."""
    assert not await topics.answers("127.0.0.1:1")


def test_a_broker_keeps_its_ports_while_they_are_free() -> None:
    """A client that waits for a restart waits at the old address."""
    first = broker.remember(None)

    assert broker.remember(first) == first


def test_a_broker_that_lost_its_port_is_still_the_same_cluster() -> None:
    """The storage is formatted for one cluster id; a broker of another would refuse it."""
    first = broker.remember(None)
    with socket.socket() as taken:
        taken.bind((HOST, first.port))
        taken.listen()

        moved = broker.remember(first)

    assert moved.port != first.port
    assert moved.cluster_id == first.cluster_id


@pytest.mark.parametrize("first", [0x00, 0x7F, 0x80, 0xF8, 0xFB, 0xFF])
def test_no_cluster_id_looks_like_an_option(first: int) -> None:
    """One id in 64 would begin with a dash, and the first start of a stack would fail."""
    cluster_id = broker.cluster_id_of(bytes([first]) + bytes(15))

    assert cluster_id[0].isalpha()
    assert len(cluster_id) == 22
