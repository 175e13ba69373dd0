"""Facts in from Kafka, records and stops out to Kafka: through the real bus, once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from aiokafka import AIOKafkaConsumer
from contracts.ingestion import v1_pb2 as ingestion
from contracts.repair import v1_pb2 as repair
from eventbus import Bus, Outgoing
from repair_builders import FIRM, at
from repair_service import consumer, use_cases, wire
from repair_service.main import Service
from repair_service.rules import Law
from repair_service.store import SqlUnitOfWork

MARCH = date(2026, 3, 1)


async def test_a_penalty_becomes_a_record_a_notice_and_a_stop(
    empty_database: str, kafka_bootstrap: str, fresh_topic: Callable[..., str], law: Law
) -> None:
    """The whole way of one fact through this service, with everything real."""
    facts, records = fresh_topic(partitions=1), fresh_topic(partitions=1)
    stop = asyncio.Event()
    async with (
        Bus(
            service="repair",
            database_url=empty_database,
            bootstrap_servers=kafka_bootstrap,
            partitions=1,
            topic=records,
        ) as bus,
        AIOKafkaConsumer(records, bootstrap_servers=kafka_bootstrap, auto_offset_reset="earliest") as reader,
    ):
        stage = await bus.stage(
            consumer.handlers(consumer.Desk(SqlUnitOfWork, law)), [facts], group=f"group-{facts}"
        )
        running = asyncio.create_task(stage.run(stop))
        await _send(facts, kafka_bootstrap)
        opened = [await asyncio.wait_for(reader.getone(), 20) for _ in range(2)]
        async with Service(bus).open() as tx:
            await use_cases.stop_expired(date(2026, 6, 1), tx, limit=10, recorded_at_ms=1)
        stopped = await asyncio.wait_for(reader.getone(), 20)
        stop.set()
        with suppress(asyncio.CancelledError):
            await running

    assert [_type(record) for record in [*opened, stopped]] == [
        "creditloop.repair.v1.RecordOpened",
        "creditloop.repair.v1.RepairNoticeDue",
        "creditloop.repair.v1.RecordStopped",
    ]
    assert repair.RecordStopped.FromString(stopped.value).record_id == "penalties|P-1"


async def _send(topic: str, bootstrap_servers: str) -> None:
    from aiokafka import AIOKafkaProducer  # noqa: PLC0415

    fact = ingestion.FactAccepted(
        source="penalties",
        fact_id="P-1",
        fact_type="creditloop.penalty.imposed.v1",
        uscc=FIRM,
        occurred_at_ms=at(MARCH),
        recorded_at_ms=at(MARCH),
        penalty_imposed=ingestion.PenaltyImposed(kinds=["fine"], fine_fen=100, severity="lighter"),
    )
    event = Outgoing(wire.FACT_ACCEPTED, FIRM, fact.SerializeToString())
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_type", event.type.encode()),
        ("ce_source", b"creditloop/ingestion/http-0"),
        ("ce_id", b"0-1"),
        ("content-type", b"application/protobuf"),
        ("traceparent", b""),
    ]
    async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers) as producer:
        await producer.send_and_wait(topic, event.value, key=event.key.encode(), headers=headers)


def _type(record: object) -> str:
    return dict(record.headers)["ce_type"].decode()  # type: ignore[attr-defined]
