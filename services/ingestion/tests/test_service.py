"""The whole service on real PostgreSQL and Kafka."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from contracts.ingestion.v1_pb2 import FactAccepted
from httpapi import IdentityOptions, LocalIssuer, Role, undeclared_routes, verifier_from
from httpapi.api_key import key_id_of, new_key
from ingestion_builders import OTHER_USCC, PILOT, USCC, event, line
from ingestion_service.main import Service, bus_of
from ingestion_service.model.quarantined import Action, BulkOrder, Filter, Replacement
from ingestion_service.settings import Settings

BATCH = {"Content-Type": "application/cloudevents-batch+json"}
ONE = {"Content-Type": "application/cloudevents+json"}
PARTITIONS = 2
TERMINATE_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


@dataclass
class Running:
    """The service at work, its bus, and a source's key."""

    service: Service
    settings: Settings
    key: str
    issuer: LocalIssuer
    app: Any

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(
            transport=transport,
            base_url="http://ingestion",
            headers=headers or {"X-API-Key": self.key},
            timeout=60,
        )

    async def sql(self, statement: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.settings.database_url.replace("+asyncpg", ""))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    async def published(self) -> list[FactAccepted]:
        """Every FactAccepted of the outgoing topic; fails when a lane's sequence is not gapless."""
        await self.service.bus.relay.drained()
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.settings.kafka_bootstrap_servers, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            return await _read_all(consumer, self.settings.outgoing_topic)
        finally:
            await consumer.stop()


async def _read_all(consumer: AIOKafkaConsumer, topic: str) -> list[FactAccepted]:
    places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
    consumer.assign(places)
    ends = await consumer.end_offsets(places)
    facts: list[FactAccepted] = []
    last: dict[tuple[int, bytes], int] = {}
    for place in places:
        while await consumer.position(place) < ends[place]:
            for record in (await consumer.getmany(place, timeout_ms=200)).get(place, []):
                headers = dict(record.headers)
                lane = (place.partition, headers["ce_source"])
                sequence = int(headers["ce_id"].split(b"-")[1])
                if sequence <= last.get(lane, 0):
                    continue  # published again after a crash: consumers drop it
                assert sequence == last.get(lane, 0) + 1
                last[lane] = sequence
                facts.append(FactAccepted.FromString(record.value))
                assert record.key.decode() == facts[-1].uscc
    return facts


@pytest.fixture
async def running(
    ledger_url: str,
    kafka_bootstrap: str,
    fresh_topic: Callable[..., str],
    issuer: LocalIssuer,
    tmp_path: Path,
) -> AsyncIterator[Running]:
    key, secret_hash = new_key()
    sources = tmp_path / "sources.json"
    entry = {"name": "penalties", "key_id": key_id_of(key), "key_hash": secret_hash.hex(), "owner": "锦江局"}
    entry["kafka_enabled"] = True
    sources.write_text(json.dumps([entry]))
    settings = Settings(
        database_url=ledger_url,
        kafka_bootstrap_servers=kafka_bootstrap,
        partitions=PARTITIONS,
        inbound_topic=fresh_topic(partitions=PARTITIONS),
        outgoing_topic=fresh_topic(partitions=PARTITIONS),
        consumer_group=f"group-{key_id_of(key)}",
        bootstrap_sources_file=sources,
    )
    async with at_work(settings, key, issuer) as made:
        yield made


@asynccontextmanager
async def at_work(settings: Settings, key: str, issuer: LocalIssuer) -> AsyncIterator[Running]:
    """The parts of `main.run`, without its server and signals."""
    stop = asyncio.Event()
    async with bus_of(settings) as bus:
        service = Service(settings, bus)
        await service.prepare()
        stage = await service.stage()
        app = service.application(verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.run(stop))
            tasks.create_task(bus.watch(stop))
            tasks.create_task(service.directory.keep_fresh(stop))
            tasks.create_task(service.writer.run(stop))
            tasks.create_task(service.settler.run(stop))
            for work in service.now_and_then():
                tasks.create_task(work.run(stop))
            yield Running(service, settings, key, issuer, app)
            stop.set()


async def eventually(condition: Callable[[], Any], within_s: float = 20) -> None:
    async with asyncio.timeout(within_s):
        while not await condition():
            await asyncio.sleep(0.02)


async def produce(running: Running, *records: tuple[bytes | None, list[tuple[str, bytes]]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=running.settings.kafka_bootstrap_servers)
    await producer.start()
    try:
        for value, headers in records:
            await producer.send_and_wait(
                running.settings.inbound_topic, value, key=USCC.encode(), headers=headers, partition=0
            )
    finally:
        await producer.stop()


async def test_facts_by_http_and_kafka_flow_on_once(running: Running) -> None:
    """The same fact may come both ways, in either mode; the others learn of it once."""
    attributes = [(f"ce_{name}", value.encode()) for name, value in event("2").items() if name != "data"]
    trace = ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    async with running.client() as client:
        batch = [event("1"), event("2"), event("3", subject="bad")]
        answer = await client.post("/v1/facts", json=batch, headers=BATCH)
        await produce(
            running,
            (line("1"), []),
            (json.dumps(event()["data"]).encode(), attributes),
            (line("3"), []),
            (line("4"), [("content-type", b"application/cloudevents+json"), trace]),
            (line("5", subject=PILOT), []),
            (line("6", data={"kinds": []}), []),
            (line("7", type="creditloop.unknown.v1"), []),
        )

        async def all_there() -> bool:
            return len(await running.sql("select from fact")) == 7

        await eventually(all_there)
        again = await client.post("/v1/facts", json=[event(str(n)) for n in range(1, 8)], headers=BATCH)

    assert [verdict["verdict"] for verdict in answer.json()["verdicts"]] == [
        "accepted",
        "accepted",
        "quarantined",
    ]
    assert {verdict["verdict"] for verdict in again.json()["verdicts"]} == {"duplicate"}
    assert sorted(fact.fact_id for fact in await running.published()) == ["1", "2", "4"]
    reasons = await running.sql("select fact_id, reason from quarantine order by fact_id")
    assert [tuple(row) for row in reasons] == [
        ("3", "uscc_wrong_length"),
        ("5", "uscc_legacy_pilot"),
        ("6", "rejected:data.kinds"),
        ("7", "rejected:type"),
    ]


async def test_rubbish_from_kafka_is_buried_and_stops_nothing(running: Running) -> None:
    """Anyone on the network may write to the inbound topic."""
    nul = [("traceparent", b"\0\xff"), ("ce_id", b"\xff")]
    rubbish = [(b"{", []), (None, []), (b"[]", nul), (line(source="stranger"), []), (line(id=None), [])]
    await produce(running, *rubbish * 6, (line("good"), []))

    async def good_is_there() -> bool:
        return bool(await running.sql("select from fact where fact_id = 'good'"))

    await eventually(good_is_there)

    assert len(await running.sql("select from dead_letter")) == len(rubbish) * 6


async def test_connections_that_break_at_any_moment_lose_and_double_nothing(running: Running) -> None:
    """Whatever was told, is so: each fact was sent once, so each is told `accepted`, and is in the topic once."""
    batches = [
        [event(f"{b}-{n}", subject=OTHER_USCC if n % 2 else USCC) for n in range(40)] for b in range(60)
    ]
    told: list[str] = []

    breaking: list[asyncio.Task[None]] = []
    one_breaks = asyncio.Lock()

    async def break_connections() -> None:
        async with one_breaks:  # lest they break each other's
            await running.sql(TERMINATE_OTHERS)

    async def post(client: httpx.AsyncClient) -> None:
        while batches:
            if len(batches) % 5 == 0:
                breaking.append(asyncio.create_task(break_connections()))
            answer = await client.post("/v1/facts", json=batches.pop(), headers=BATCH)
            assert answer.status_code == 200, answer.text
            told.extend(verdict["verdict"] for verdict in answer.json()["verdicts"])

    async with running.client() as client, asyncio.timeout(40):
        await asyncio.gather(post(client), post(client), post(client))
        await asyncio.gather(*breaking)

    keys = [fact.fact_id for fact in await running.published()]
    assert told == ["accepted"] * 2400
    assert (len(keys), len(set(keys))) == (2400, 2400)


async def test_a_restart_goes_on_where_the_last_process_stood(running: Running) -> None:
    """The second process takes a lane of its own while the first still holds its own; both know all facts."""
    settings = running.settings.model_copy(update={"consumer_group": running.settings.consumer_group})
    async with running.client() as client:
        await client.post("/v1/facts", json=[event("1")], headers=BATCH)
        async with at_work(settings, running.key, running.issuer) as second, second.client() as other:
            told = (await other.post("/v1/facts", json=[event("1"), event("2")], headers=BATCH)).json()[
                "verdicts"
            ]
            assert len(await second.published()) == 2

    assert [verdict["verdict"] for verdict in told] == ["duplicate", "accepted"]


async def test_more_releases_at_once_than_connections_all_end(running: Running) -> None:
    """One that holds a connection and waits for another would wait for those that wait for its own."""
    token = running.issuer.issue(Role.CITY_ADMINISTRATOR)
    async with running.client() as source, running.client(Authorization=f"Bearer {token}") as keeper:
        facts = [event(str(n), subject=PILOT) for n in range(24)]
        await source.post("/v1/facts", json=facts, headers=BATCH)
        async with asyncio.timeout(15):
            answers = await asyncio.gather(
                *(keeper.post(f"/v1/quarantine/{n}/release") for n in range(1, 25))
            )

    assert [answer.status_code for answer in answers] == [200] * 24
    assert len(await running.published()) == 24


async def test_a_bulk_settlement_goes_on_after_a_restart(running: Running) -> None:
    """Its order is a row: whichever process finds it unfinished brings it to its end, each fact once."""
    async with running.client() as source:
        facts = [event(str(n), subject="bad") for n in range(20)]
        await source.post("/v1/facts", json=facts, headers=BATCH)
    order = BulkOrder(
        Action.RELEASE,
        Filter(source="penalties"),
        {"subject": Replacement("bad", USCC)},
        "resolved",
        "an officer",
        datetime.now(UTC),
    )
    async with running.service.edge.open() as tx:
        job = await tx.jobs.begin(order)
    async with at_work(running.settings, running.key, running.issuer) as restarted:

        async def ended() -> bool:
            found = await restarted.service.edge.quarantine.job(job.id)
            return found is not None and found.ended_at is not None

        await eventually(ended)

    assert sorted(fact.fact_id for fact in await running.published()) == sorted(str(n) for n in range(20))


async def test_what_is_done_now_and_then_is_seen_over_http(running: Running) -> None:
    """Alerts, last facts and the day of a key's use come of themselves."""
    headers = {"Authorization": f"Bearer {running.issuer.issue(Role.CITY_ADMINISTRATOR)}"}
    async with running.client() as source, running.client(**headers) as keeper:
        await source.post("/v1/facts", json=[event("1")], headers=BATCH)
        await keeper.post("/v1/sources", json={"name": "quiet", "owner": "x", "expected_freshness": "PT1M"})
        long_ago = (
            "update source set created_at = now() - interval '1 hour' where name = 'quiet' returning id"
        )
        await running.sql(long_ago)
        await running.service.lookout.look()
        alerts = (await keeper.get("/v1/alerts")).json()["items"]
        one = (await keeper.get("/v1/sources/penalties")).json()
        key = (await keeper.get("/v1/sources/penalties/keys")).json()[0]

    assert [(alert["kind"], alert["source"]) for alert in alerts] == [("source_silent", "quiet")]
    assert [last["type"] for last in one["last_facts"]] == ["creditloop.penalty.imposed.v1"]
    assert key["last_used_on"] is not None
    assert running.service.lookout.silent == 1


async def test_facts_nested_at_the_limit_are_kept_and_stop_nothing(running: Running) -> None:
    """One record of anybody's would end the process, and end it again at every start."""
    depths = range(800, 1000)
    records = [(line(str(d), data="@").replace(b'"@"', b"[" * d + b"]" * d), []) for d in depths]
    await produce(running, *records, (line("good"), []))

    async def good_is_there() -> bool:
        return bool(await running.sql("select from fact where fact_id = 'good'"))

    await eventually(good_is_there)

    kept = await running.sql("select from fact where fact_id <> 'good'")
    buried = await running.sql("select from dead_letter")
    assert len(kept) + len(buried) == len(depths)


async def test_the_keepers_routes_answer(running: Running) -> None:
    """Books, lanes, trail and figures are what the audit and `creditloop follow` read."""
    token = running.issuer.issue(Role.CITY_ADMINISTRATOR)
    async with running.client() as source, running.client(Authorization=f"Bearer {token}") as keeper:
        await source.post("/v1/facts", json=[event("1"), event("2", subject=PILOT)], headers=BATCH)
        books = (await keeper.get("/v1/books")).json()["books"]
        rows = {
            book: sum(d["rows"] for d in (await keeper.get(f"/v1/books/{book}")).json()) for book in books
        }
        lanes = (await keeper.get("/v1/lanes")).json()
        trail = (await keeper.get(f"/v1/trail/{PILOT}")).json()
        figures = (await keeper.get("/v1/figures?first=2026-01-01&last=2026-12-31")).json()
        released = await keeper.post("/v1/quarantine/1/release")
        fact = (await keeper.get("/v1/facts/penalties/2")).json()

    assert undeclared_routes(running.app) == []
    assert rows == {
        "received": 2,
        "verdicts": 2,
        "accepted": 1,
        "dishonesty": 1,
        "inspections": 0,
        "endings": 0,
    }
    assert "http-0" in [lane["name"] for lane in lanes]
    assert [(entry["kind"], entry["what"], entry["says"]) for entry in trail] == [
        ("quarantine_open", "penalty_imposed", {"fact_id": "penalties|2", "reason": "uscc_legacy_pilot"})
    ]
    assert sum(figure["facts"] for figure in figures) == 2
    assert released.status_code == 200, released.text
    assert (fact["verdict"], fact["quarantine_state"]) == ("accepted", "released")
    assert sorted(f.fact_id for f in await running.published()) == ["1", "2"]
