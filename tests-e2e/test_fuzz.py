"""Whatever is sent to ingestion: no fault of its own, one verdict each, and the ledger says what the verdicts said.

`CREDITLOOP_FUZZ_INPUTS` (20,000) and `CREDITLOOP_FUZZ_SEED` (1) choose how many inputs and which.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from contracts.ingestion.v1_pb2 import FactAccepted
from fuzz_inputs import ONE, STREAM, Fuzzer, Request
from httpapi import LocalIssuer
from httpapi.api_key import key_id_of, new_key
from localstack.ports import free_ports

INPUTS = int(os.environ.get("CREDITLOOP_FUZZ_INPUTS", "20000"))
SEED = int(os.environ.get("CREDITLOOP_FUZZ_SEED", "1"))
SOURCE = "fuzz"
PARTITIONS = 2
AT_ONCE = 4
PATIENCE_S = 300
"""Seconds are enough where nothing else is at work; a machine that many share may take minutes."""
NOT_HTTP = "Invalid HTTP request received."
"""What the server says to headers that no HTTP has."""


class Account:
    """What was sent and what was told, added up."""

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.inputs = 0

    def take(self, request: Request, answer: httpx.Response) -> None:
        """Every input of the request has exactly one verdict, and those that must be accepted are."""
        sent = f"{request.media_type} {request.headers} {b''.join(request.chunks)[:3000]!r}"
        assert answer.status_code < 500, f"{answer.status_code} {answer.text[:500]} for {sent}"
        told = _told(request, answer)
        assert sum(told.values()) == len(request.inputs), f"{told} of {len(request.inputs)} for {sent}"
        assert told["accepted"] >= sum(request.valid), f"{told}, {answer.text[:3000]} for {sent}"
        self.verdicts.update(told)
        self.statuses[answer.status_code] += 1
        self.inputs += len(request.inputs)


def _told(request: Request, answer: httpx.Response) -> Counter[str]:
    """How many inputs got which verdict; where the request as a whole was refused, each of its inputs was."""
    if answer.status_code >= 400:
        assert answer.text == NOT_HTTP or answer.json()["title"]
        return Counter(refused=len(request.inputs))
    if request.media_type == STREAM and not request.query:
        return Counter(json.loads(line)["verdict"] for line in answer.text.split("\n") if line)
    body = answer.json()
    if "verdicts" not in body:
        return Counter([body["verdict"]])
    if not request.query:
        return Counter(verdict["verdict"] for verdict in body["verdicts"])
    return Counter({name: body[name] for name in ("accepted", "duplicate", "quarantined", "rejected")})


@pytest.fixture
def environment(
    fresh_database: str, fresh_topic: Callable[..., str], kafka_bootstrap: str, tmp_path: Path
) -> dict[str, str]:
    """What the service is started with, and the key of its one source."""
    key, secret_hash = new_key()
    entry = {"name": SOURCE, "key_id": key_id_of(key), "key_hash": secret_hash.hex()}
    (tmp_path / "sources.json").write_text(json.dumps([entry]))
    return {
        **os.environ,
        "DATABASE_URL": fresh_database,
        "KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "HTTP_PORT": str(free_ports(1)[0]),
        "IDENTITY_JWKS_FILE": str(LocalIssuer(tmp_path).jwks_file),
        "PARTITIONS": str(PARTITIONS),
        "INBOUND_TOPIC": fresh_topic(partitions=PARTITIONS),
        "OUTGOING_TOPIC": fresh_topic(partitions=PARTITIONS),
        "CONSUMER_GROUP": f"fuzz-{key_id_of(key)}",
        "BOOTSTRAP_SOURCES_FILE": str(tmp_path / "sources.json"),
        "KEY": key,
    }


@asynccontextmanager
async def service(environment: dict[str, str], log: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of ingestion, which runs as a process of its own."""
    base = f"http://127.0.0.1:{environment['HTTP_PORT']}"
    command = [sys.executable, "-m", "ingestion_service.main"]
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdout=output, stderr=output
        )
        try:
            headers = {"X-API-Key": environment["KEY"]}
            async with httpx.AsyncClient(base_url=base, headers=headers, timeout=120) as client:
                await eventually(lambda: _is_ready(client))
                yield client
        finally:
            process.terminate()
            await process.wait()


async def eventually(condition: Callable[[], Any]) -> None:
    """The condition holds, some time."""
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():
            await asyncio.sleep(0.05)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


async def published_examples(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The example of every type of fact, as any sender finds it."""
    types = (await client.get("/v1/fact-types")).json()
    schemas = [(await client.get(each["schema_path"])).json() for each in types]
    return [schema["examples"][0] for schema in schemas]


async def post(client: httpx.AsyncClient, request: Request) -> httpx.Response:
    """The answer; a body of several pieces is sent in chunks."""
    headers = {**request.headers, "Content-Type": request.media_type}
    content = request.chunks[0] if len(request.chunks) == 1 else _pieces(request.chunks)
    return await client.post(f"/v1/facts{request.query}", content=content, headers=headers)


async def _pieces(chunks: Sequence[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def send_all(client: httpx.AsyncClient, requests: Iterator[Request]) -> Account:
    """All are sent, a few at a time."""
    account = Account()

    async def send_on() -> None:
        for request in requests:
            account.take(request, await post(client, request))

    async with asyncio.TaskGroup() as senders:
        for _ in range(AT_ONCE):
            senders.create_task(send_on())
    return account


async def stored(database_url: str) -> Counter[str]:
    """What the ledger and the quarantine hold; each accepted fact is whole."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    found: Counter[str] = Counter()
    try:
        found["quarantine"] = await connection.fetchval("select count(*) from quarantine")
        async with connection.transaction():
            async for row in connection.cursor(
                "select standing, fact_id, uscc, payload from fact", prefetch=5000
            ):
                found["accepted" if row["standing"] == 1 else "quarantined"] += 1
                if row["standing"] == 1:
                    fact = FactAccepted.FromString(row["payload"])
                    assert (fact.fact_id, fact.uscc) == (row["fact_id"], row["uscc"])
                    assert fact.WhichOneof("data")
    finally:
        await connection.close()
    return found


async def published(environment: dict[str, str], accepted: int) -> int:
    """How many facts the other services can read, once those accepted are among them."""
    places = [TopicPartition(environment["OUTGOING_TOPIC"], number) for number in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(bootstrap_servers=environment["KAFKA_BOOTSTRAP_SERVERS"])
    found = 0

    async def are_there() -> bool:
        nonlocal found
        found = sum((await consumer.end_offsets(places)).values())
        return found >= accepted

    await consumer.start()
    try:
        with contextlib.suppress(TimeoutError):  # the count then tells how many came
            await eventually(are_there)
    finally:
        await consumer.stop()
    return found


@pytest.mark.timeout(120 + INPUTS / 200)
async def test_whatever_is_sent_gets_one_verdict_and_the_ledger_agrees(
    environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sources are many, old, and written by others; one of them must not stop or spoil the collection of the rest."""
    async with service(environment, tmp_path / "ingestion.log") as client:
        fuzzer = Fuzzer(await published_examples(client), SOURCE, SEED)
        started = time.monotonic()

        account = await send_all(client, fuzzer.requests(INPUTS))
        seconds = time.monotonic() - started
        last = await client.post(
            "/v1/facts", content=json.dumps(fuzzer.valid()), headers={"Content-Type": ONE}
        )
        account.verdicts.update([last.json()["verdict"]])
        found = await stored(environment["DATABASE_URL"])

        readable = await published(environment, account.verdicts["accepted"])

    with capsys.disabled():
        sys.stdout.write(
            f"\n{account.inputs} inputs in {seconds:.0f} s: {account.verdicts} {account.statuses}\n"
        )
    assert account.inputs >= INPUTS
    assert last.json()["verdict"] == "accepted"
    assert found["accepted"] == readable == account.verdicts["accepted"]
    assert found["quarantined"] == found["quarantine"] == account.verdicts["quarantined"]
