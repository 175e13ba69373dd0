"""The running service: an event on Kafka becomes a class that can be read, and the event that says so."""

import asyncio
import time
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from classification_service import consumer, tables
from classification_service.main import now_ms, register
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.choosing import Scorers
from classification_service.store import packs
from classification_service.store.heads import HeadCache
from classification_service.store.packs import shipped_widths
from classification_service.store.reads import Reads
from classification_service.store.schema import migrate
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.wire import INDICATORS_CHANGED
from contracts.classification.v1_pb2 import ClassChanged
from contracts.profiling.v1_pb2 import ENTITY_STATUS_ACTIVE, IndicatorsChanged
from eventbus import Bus, Handlers, Outgoing
from eventbus.envelope import Stamped, headers_of

USCC = "91510104YY000001XM"


def bus_on(database: str, kafka: str, topic: str) -> Bus:
    return Bus(
        service="classification",
        database_url=database,
        bootstrap_servers=kafka,
        partitions=1,
        on_connect=[tables.STAGING],
        topic=topic,
    )


async def send(kafka: str, topic: str, *events: Outgoing) -> None:
    """As profiling's relay writes them."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    for sequence, event in enumerate(events, start=1):
        stamped = Stamped(0, sequence, event.type, event.key, event.value, 0, "")
        headers = headers_of(stamped, b"creditloop/profiling/0")
        await producer.send_and_wait(topic, event.value, key=event.key.encode(), headers=headers)
    await producer.stop()


def indicators(version: int, *, complaints: float) -> Outgoing:
    values = [8.0, 100.0, *[0.0] * 20, complaints, 0.0]
    message = IndicatorsChanged(
        uscc=USCC,
        profile_version=version,
        catalogue_version=1,
        values=values,
        business_day=20_600,
        recorded_at_ms=1_780_000_000_000,
        status=ENTITY_STATUS_ACTIVE,
        established_on_day=17_000,
    )
    return Outgoing(INDICATORS_CHANGED, USCC, message.SerializeToString())


async def until(condition: Callable, timeout_s: float = 15.0):
    """Wait for what is awaited; fail clearly when it does not come."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = await condition()
        if found:
            return found
        await asyncio.sleep(0.02)
    pytest.fail("it never came")


def handlers_of(models: list[RiskModel], catalogue: Catalogue, cache: HeadCache) -> Handlers:
    scorers = Scorers(models, catalogue)
    return consumer.handlers(lambda tx: SqlUnitOfWork(tx, cache), scorers, catalogue, now_ms=now_ms)


async def test_indicators_on_kafka_become_a_class_and_an_event(
    fresh_database: str, fresh_topic: Callable[..., str], kafka_bootstrap: str
) -> None:
    """The whole wiring, with a real broker and a real database: staging tables, lanes, publication."""
    await migrate(fresh_database)
    upstream, own = fresh_topic(), fresh_topic()
    catalogue = packs.shipped_catalogue()
    models = packs.shipped_models(catalogue)
    cache, stop = HeadCache(), asyncio.Event()
    async with bus_on(fresh_database, kafka_bootstrap, own) as bus:
        await register(bus, models, catalogue)
        stage = await bus.stage(handlers_of(models, catalogue, cache), [upstream], on_reset=cache.clear)
        running = asyncio.create_task(stage.run(stop))

        await send(kafka_bootstrap, upstream, indicators(1, complaints=0), indicators(2, complaints=1))
        reads = Reads(bus.engine, shipped_widths())
        state = await until(lambda: reads.state(USCC))
        stop.set()
        await running

    assert (state.profile_version, state.decision_number, state.risk_class) == (2, 2, "A")
    told = await class_changes(kafka_bootstrap, own)
    assert [(event.uscc, event.change_number, event.current) for event in told] == [(USCC, 1, 1)]


async def class_changes(kafka: str, topic: str) -> list[ClassChanged]:
    reader = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await reader.start()
    try:
        found: list[ClassChanged] = []

        async def some() -> bool:
            for records in (await reader.getmany(timeout_ms=200)).values():
                found.extend(
                    ClassChanged.FromString(record.value)
                    for record in records
                    if dict(record.headers)["ce_type"].endswith(b"ClassChanged")
                )
            return bool(found)

        await until(some)
        return found
    finally:
        await reader.stop()
