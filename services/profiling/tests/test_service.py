"""The whole process on real Kafka and PostgreSQL: a fact in, a profile and a signal out."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from contracts.profiling.v1_pb2 import IndicatorsChanged
from eventbus import Bus
from eventbus.envelope import Stamped, headers_of
from httpapi import LocalIssuer
from profiling_service import consumer, main, wire
from profiling_service.settings import Settings


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch, fresh_topic: Callable[..., str]) -> tuple[str, str]:
    """Topics of this test's own: where facts come from, and where profiling publishes."""
    inward, outward = fresh_topic(), fresh_topic()
    monkeypatch.setattr(consumer, "TOPICS", (inward,))
    monkeypatch.setattr(main, "bus_of", lambda given: _bus(given, outward))
    return inward, outward


def _bus(given: Settings, topic: str) -> Bus:
    return Bus(
        service=f"profiling-{topic}",
        database_url=given.database_url,
        bootstrap_servers=given.kafka_bootstrap_servers,
        partitions=1,
        on_connect=main.tables.ON_CONNECT,
        topic=topic,
    )


async def test_a_fact_comes_in_and_a_profile_goes_out(
    wired: tuple[str, str], fresh_database: str, kafka_bootstrap: str, tmp_path: Path, facts: Any, sample: Any
) -> None:
    """Everything between the two topics is this service's own, from migration to clean exit."""
    inward, outward = wired
    issuer = LocalIssuer(tmp_path)
    settings = Settings(
        database_url=fresh_database,
        kafka_bootstrap_servers=kafka_bootstrap,
        identity_jwks_file=issuer.jwks_file,
        partitions=1,
        business_day=sample.today,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(main.run(settings, stop))
    await _send(kafka_bootstrap, inward, [facts.registration(), facts.penalty("P-1")])

    events = await _received(kafka_bootstrap, outward, 3)

    stop.set()
    await asyncio.wait_for(running, 30)
    names = [name.rsplit(".", 1)[1] for name, _ in events]
    assert names == ["IndicatorsChanged", "EntityDescribed", "SignalRaised"]
    assert IndicatorsChanged.FromString(events[0][1]).cause == "bureau|P-1"


async def _send(bootstrap: str, topic: str, news: list[Any]) -> None:
    """The facts in one record batch, as ingestion's relay sends them."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        batch = producer.create_batch()
        for number, fact in enumerate(news, 1):
            stamped = Stamped(0, number, wire.FACT_ACCEPTED, fact.uscc, fact.payload, 0, "")
            headers = headers_of(stamped, b"creditloop/ingestion/test")
            batch.append(key=fact.uscc.encode(), value=fact.payload, timestamp=None, headers=headers)
        await (await producer.send_batch(batch, topic, partition=0))


async def _received(bootstrap: str, topic: str, count: int) -> list[tuple[str, bytes]]:
    consumer_ = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    events: list[tuple[str, bytes]] = []
    async with consumer_, asyncio.timeout(60):
        async for record in consumer_:
            events.append((dict(record.headers)["ce_type"].decode(), record.value))
            if len(events) == count:
                break
    return events
