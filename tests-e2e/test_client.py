"""The client library against a real ingestion that is killed in the middle."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from contracts.ingestion.v1_pb2 import FactAccepted
from creditloop_client import Client, Fact, Limits, Options, Sender, Spool
from httpapi.api_key import key_id_of, new_key
from localstack.ports import free_ports
from vocabulary.uscc import synthesise

FACTS = 20_000
KILLED_AT = 4_000
WITHIN_S = 60.0
PARTITIONS = 4
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Ingestion:
    """A process of the service, with a database and topics of its own."""

    url: str
    key: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "ingestion_service.main"]
        environment = {**os.environ, **self.environment}
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def ledger(self) -> tuple[int, int]:
        """Facts in the ledger, and how many ids they have."""

        async def ask() -> tuple[int, int]:
            connection = await asyncpg.connect(self.environment["DATABASE_URL"].replace("+asyncpg", ""))
            try:
                row = await connection.fetchrow("select count(*), count(distinct fact_id) from fact")
                return row[0], row[1]
            finally:
                await connection.close()

        return asyncio.run(ask())

    def published(self) -> Counter[str]:
        """How often each fact was published, as consumers count: what was published again is passed over."""
        return asyncio.run(_published(self.environment))


async def _published(environment: dict[str, str]) -> Counter[str]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=environment["KAFKA_BOOTSTRAP_SERVERS"], auto_offset_reset="earliest"
    )
    async with consumer:
        places = [TopicPartition(environment["OUTGOING_TOPIC"], number) for number in range(PARTITIONS)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found: dict[tuple[bytes, bytes], str] = {}
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    headers = dict(record.headers)
                    fact_id = FactAccepted.FromString(record.value).fact_id
                    found[headers["ce_source"], headers["ce_id"]] = fact_id
    return Counter(found.values())


@pytest.fixture
def ingestion(
    fresh_database: str, fresh_topic: Callable[..., str], kafka_bootstrap: str, tmp_path: Path
) -> Iterator[Ingestion]:
    key, secret_hash = new_key()
    entry = {"name": "tax", "key_id": key_id_of(key), "key_hash": secret_hash.hex()}
    (tmp_path / "sources.json").write_text(json.dumps([entry]))
    (tmp_path / "jwks.json").write_text('{"keys": []}')
    port = free_ports(1)[0]
    environment = {
        "DATABASE_URL": fresh_database,
        "KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "HTTP_PORT": str(port),
        "IDENTITY_JWKS_FILE": str(tmp_path / "jwks.json"),
        "BOOTSTRAP_SOURCES_FILE": str(tmp_path / "sources.json"),
        "INBOUND_TOPIC": fresh_topic(partitions=PARTITIONS),
        "OUTGOING_TOPIC": fresh_topic(partitions=PARTITIONS),
        "CONSUMER_GROUP": f"client-{port}",
    }
    service = Ingestion(f"http://127.0.0.1:{port}", key, environment)
    service.start()
    _wait(lambda: _ready(service.url))
    yield service
    service.kill()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _facts() -> Iterator[Fact]:
    for number in range(FACTS):
        code = synthesise("9", "1", "510104", number % 2_000)
        data = {"report_year": 2025}
        when = BEGAN + timedelta(seconds=number)
        yield Fact("creditloop.annual-report.filed.v1", code, when, data, f"client-{number}")


def test_each_fact_counts_once_though_the_service_is_killed_in_the_middle(
    ingestion: Ingestion, tmp_path: Path
) -> None:
    """Answers are lost with the process: batches are sent again, and what was recorded is not recorded twice."""
    options = Options(limits=Limits(facts=200))
    with (
        Client(ingestion.url, ingestion.key, "tax", options) as client,
        Sender(client, Spool(tmp_path / "spool")) as sender,
    ):
        for fact in _facts():
            sender.put(fact)
        _wait(lambda: ingestion.ledger()[0] >= KILLED_AT)
        ingestion.kill()
        at_the_kill, _ = ingestion.ledger()
        ingestion.start()
        sender.flush()

    assert KILLED_AT <= at_the_kill < FACTS
    assert ingestion.ledger() == (FACTS, FACTS)
    _wait(lambda: len(ingestion.published()) == FACTS)
    assert set(ingestion.published().values()) == {1}
