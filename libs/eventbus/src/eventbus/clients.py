"""The Kafka clients of a service: how they are set, and how they leave."""

import asyncio
from typing import Protocol

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.coordinator.assignors.range import RangePartitionAssignor

from eventbus.micro_batch import Handlers, StageOptions, wanted_by
from eventbus.record import Unpacking

_log = structlog.get_logger("eventbus.clients")

_RECORD_SET_BYTES = 900_000
_FAREWELL_S = 5.0


class Client(Protocol):
    """A producer or a consumer."""

    async def stop(self) -> None:
        """Send what is left, and leave."""
        ...


def producer_of(bootstrap_servers: str) -> AIOKafkaProducer:
    """A producer whose acknowledged record sets are in the log once and in order; not started.

    Zstandard takes a fifth of the time of LZ4, which aiokafka asks for at its highest level, and fewer bytes.
    """
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers,
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        max_batch_size=_RECORD_SET_BYTES,
        max_request_size=4 * _RECORD_SET_BYTES,
    )


def consumer_of(
    bootstrap_servers: str, group: str, handlers: Handlers, tuning: StageOptions
) -> AIOKafkaConsumer:
    """A member of a group; not started, not subscribed, without automatic commits; it reads bare `Record`s.

    Record sets of which no handler wants any come as one `PassedOver`.
    """
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        key_deserializer=Unpacking(wanted_by(handlers), tuning.foreign),
        partition_assignment_strategy=[RangePartitionAssignor],
        max_partition_fetch_bytes=2 * 1024 * 1024,
        fetch_max_wait_ms=int(tuning.gather_s * 1000),
        fetch_min_bytes=tuning.gather_bytes,
        max_poll_interval_ms=300_000,
        session_timeout_ms=10_000,
        heartbeat_interval_ms=2_000,
    )


async def leave(client: Client) -> None:
    """The client is stopped, or given up: with no broker there it would wait for ever to say goodbye."""
    try:
        async with asyncio.timeout(_FAREWELL_S):
            await client.stop()
    except TimeoutError:
        _log.warning("left without goodbye", client=type(client).__name__)
