"""The running service: an event on Kafka becomes a class that can be read, and the event that says so."""

import asyncio
import time
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from classification_service import consumer, tables
from classification_service.main import now_ms, register
from classification_service.model.review import ReviewScope, Tally
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.store import packs
from classification_service.store.heads import HeadCache
from classification_service.store.in_force import RulesInForce
from classification_service.store.packs import shipped_widths
from classification_service.store.reads import Reads
from classification_service.store.review_reads import ReviewReads
from classification_service.store.schema import migrate
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.wire import FACT_ACCEPTED, INDICATORS_CHANGED
from contracts.classification.v1_pb2 import ClassChanged
from contracts.ingestion.v1_pb2 import FactAccepted
from contracts.profiling.v1_pb2 import ENTITY_STATUS_ACTIVE, IndicatorsChanged
from eventbus import PATIENT, Bus, Handlers, Outgoing
from eventbus.envelope import Stamped, headers_of
from eventbus.micro_batch import wanted_by
from vocabulary.dishonesty import DISHONESTY, INSPECTION, OTHER

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


def report_handlers() -> Handlers:
    catalogue = packs.shipped_catalogue()
    rules = RulesInForce(catalogue)
    return consumer.report_handlers(lambda tx: SqlUnitOfWork(tx, HeadCache(1), rules), catalogue)


def handlers_of(models: list[RiskModel], catalogue: Catalogue, cache: HeadCache) -> Handlers:
    rules = RulesInForce(catalogue)
    return consumer.handlers(lambda tx: SqlUnitOfWork(tx, cache, rules), catalogue, now_ms=now_ms)


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


def inspection(fact_id: str, code: str = "corrected", **more: object) -> Outgoing:
    message = FactAccepted(
        source="fire",
        fact_id=fact_id,
        uscc=USCC,
        occurred_at_ms=1_780_000_000_000,
        recorded_at_ms=1_780_000_000_500,
        inspection_completed={"item": "fire_exits", "result_codes": [code]},
        **more,
    )
    return Outgoing(FACT_ACCEPTED, USCC, message.SerializeToString(), INSPECTION)


def retraction(fact_id: str) -> Outgoing:
    message = FactAccepted(
        source="fire", fact_id=f"X-{fact_id}", uscc=USCC, fact_retracted={"fact_id": fact_id}
    )
    return Outgoing(FACT_ACCEPTED, USCC, message.SerializeToString(), DISHONESTY)


async def test_what_others_found_is_taken_in_once_late_and_never_after_it_was_taken_back(
    fresh_database: str, fresh_topic: Callable[..., str], kafka_bootstrap: str
) -> None:
    """One is told twice, one is corrected, and one was retracted before it came; poison is put aside."""
    await migrate(fresh_database)
    upstream, own = fresh_topic(), fresh_topic()
    handlers = report_handlers()
    told = [
        *(inspection("I-1"), inspection("I-1"), inspection("I-2", supersedes="I-0"), inspection("I-0")),
        *(retraction("I-3"), inspection("I-3"), inspection("I-4", "luck"), inspection("I-5", "no_problem")),
    ]
    async with bus_on(fresh_database, kafka_bootstrap, own) as bus:
        stage, stop = await bus.stage(handlers, [upstream], options=PATIENT, group=upstream), asyncio.Event()
        running = asyncio.create_task(stage.run(stop))

        await send(kafka_bootstrap, upstream, *told)
        reads = ReviewReads(bus.engine)

        async def last() -> list[Tally]:
            tallies = await reads.reported_tallies("item", ReviewScope())
            return tallies if tallies and tallies[0].results >= 3 else []

        tallies = await until(last)
        buried = await bus.dead_letters.count()
        stop.set()
        await running

    assert [(each.group, each.results, each.problems) for each in tallies] == [("fire_exits", 3, 2)]
    assert buried == 1


def test_a_stage_of_reports_passes_other_facts_over_unread() -> None:
    """Some nineteen in twenty facts are no inspections: their record sets are not decoded."""
    wanted = wanted_by(report_handlers())

    assert [wanted(FACT_ACCEPTED, word) for word in (INSPECTION, DISHONESTY, "", OTHER)] == [
        True,
        True,
        True,
        False,
    ]
