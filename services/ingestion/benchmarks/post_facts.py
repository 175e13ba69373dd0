# ruff: noqa: INP001, T201 - a script, not a package; it starts our own process
"""Posts facts to a real ingestion process on real PostgreSQL and Kafka; prints facts/s and CPU per fact.

Run: `.venv/bin/python services/ingestion/benchmarks/post_facts.py [--facts 200000] [--mode ndjson|batch]`
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx
from httpapi.api_key import key_id_of, new_key
from localstack import Stack
from localstack.kafka import topics
from localstack.ports import free_ports
from localstack.postgres import databases
from vocabulary.uscc import synthesise

PIECE = 500
STREAMS = 4
MEDIA_TYPES = {"ndjson": "application/x-ndjson", "batch": "application/cloudevents-batch+json"}
TICKS = os.sysconf("SC_CLK_TCK")


def fact(number: int) -> dict[str, object]:
    """A fact of one of four frequent types, about one of 200,000 fictional entities."""
    kind = number % 4
    says: tuple[str, dict[str, object]] = (
        (
            "penalty.imposed",
            {
                "document_number": f"成市监处罚〔2026〕{number}号",
                "kinds": ["warning", "fine"],
                "fine_fen": 490_000,
                "key_field": "food",
                "violation": "V12",
                "published_on": "2026-03-03",
                "authority": "锦江区市场监督管理局",
            },
        ),
        ("complaint.received", {"channel_kind": "complaint", "category": "quality"}),
        ("inspection.completed", {"item": "I-1", "result_codes": ["no_problem"], "department": "market"}),
        ("annual-report.filed", {"report_year": 2025, "late": False}),
    )[kind]
    return {
        "specversion": "1.0",
        "type": f"creditloop.{says[0]}.v1",
        "source": "bench",
        "id": f"B-{number:010d}",
        "subject": synthesise("9", "1", "510104", number * 7919 % 200_000),
        "time": "2026-03-01T09:30:00+08:00",
        "data": says[1],
    }


def bodies(facts: int, mode: str) -> list[bytes]:
    """Request bodies of 500 facts each."""
    lines = [json.dumps(fact(number), ensure_ascii=False).encode() for number in range(facts)]
    pieces = [lines[start : start + PIECE] for start in range(0, facts, PIECE)]
    if mode == "ndjson":
        return [b"\n".join(piece) for piece in pieces]
    return [b"[" + b",".join(piece) + b"]" for piece in pieces]


def cpu_s(pid: int) -> float:
    """User and system seconds a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def postgres_cpu_s(pids: list[int]) -> float:
    """CPU of these server processes."""
    return sum(cpu_s(pid) for pid in pids if Path(f"/proc/{pid}").exists())


async def backends(admin: asyncpg.Connection, database: str) -> list[int]:
    """Server processes of one database, and the shared ones that write for it."""
    rows = await admin.fetch(
        "select pid from pg_stat_activity where datname = $1 or backend_type in ('walwriter', 'checkpointer',"
        " 'background writer')",
        database,
    )
    return [row["pid"] for row in rows]


async def post(client: httpx.AsyncClient, queue: list[bytes], media_type: str, told: dict[str, int]) -> None:
    """Post bodies until none is left."""
    while queue:
        answer = await client.post("/v1/facts", content=queue.pop(), headers={"Content-Type": media_type})
        answer.raise_for_status()
        told["accepted"] = told.get("accepted", 0) + answer.content.count(b'"verdict":"accepted"')


async def measure(base: str, key: str, queue: list[bytes], media_type: str) -> tuple[float, dict[str, int]]:
    """Seconds to post all, and how many were told accepted."""
    told: dict[str, int] = {}
    async with httpx.AsyncClient(base_url=base, headers={"X-API-Key": key}, timeout=60) as client:
        began_s = time.perf_counter()
        await asyncio.gather(*(post(client, queue, media_type, told) for _ in range(STREAMS)))
        return time.perf_counter() - began_s, told


async def ready(base: str) -> None:
    """Return when the service is ready."""
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(f"{base}/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


class Surroundings(NamedTuple):
    """A database, topics and a source of their own for one measurement."""

    stack: Stack
    name: str
    key: str
    base: str
    environment: dict[str, str]


@asynccontextmanager
async def surroundings(folder: Path, name_of_stack: str = "test") -> AsyncIterator[Surroundings]:
    """Made for the block, and taken away after it."""
    stack = Stack(name_of_stack)
    await stack.up(services=False)
    name = f"bench_ingestion_{os.getpid()}"
    made = [f"{name}_in", f"{name}_out"]
    await databases.create(stack.admin_database_url, name)
    await topics.create(stack.kafka, made, partitions=4)
    key, secret_hash = new_key()
    entry = {"name": "bench", "key_id": key_id_of(key), "key_hash": secret_hash.hex()}
    (folder / "sources.json").write_text(json.dumps([entry]))
    (folder / "jwks.json").write_text('{"keys": []}')
    port = free_ports(1)[0]
    environment = {
        **os.environ,
        "DATABASE_URL": databases.url_of(stack.admin_database_url, name),
        "KAFKA_BOOTSTRAP_SERVERS": stack.kafka,
        "HTTP_PORT": str(port),
        "IDENTITY_JWKS_FILE": str(folder / "jwks.json"),
        "INBOUND_TOPIC": made[0],
        "OUTGOING_TOPIC": made[1],
        "CONSUMER_GROUP": name,
        "BOOTSTRAP_SOURCES_FILE": str(folder / "sources.json"),
    }
    yield Surroundings(stack, name, key, f"http://127.0.0.1:{port}", environment)
    await databases.drop(stack.admin_database_url, name)
    await topics.delete(stack.kafka, made)


async def figures(around: Surroundings, pid: int, facts: int, mode: str) -> dict[str, object]:
    """What the posting of these facts cost whom, in microseconds of CPU per fact."""
    await ready(around.base)
    prepared = bodies(facts, mode)
    await measure(around.base, around.key, [prepared.pop() for _ in range(20)], MEDIA_TYPES[mode])
    admin = await asyncpg.connect(around.stack.admin_database_url.replace("+asyncpg", ""))
    servers = await backends(admin, around.name)
    await admin.close()
    own_s, server_s, mine_s = cpu_s(pid), postgres_cpu_s(servers), time.process_time()
    count = len(prepared) * PIECE
    seconds, told = await measure(around.base, around.key, prepared, MEDIA_TYPES[mode])
    mine_s = time.process_time() - mine_s
    await asyncio.sleep(1)  # for what is published after the answer
    return {
        "mode": mode,
        "facts": count,
        "facts_per_s": round(count / seconds),
        "service_us": round((cpu_s(pid) - own_s) / count * 1e6, 1),
        "postgres_us": round((postgres_cpu_s(servers) - server_s) / count * 1e6, 1),
        "generator_us": round(mine_s / count * 1e6, 1),
        **told,
    }


async def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--facts", type=int, default=200_000)
    parser.add_argument("--mode", choices=sorted(MEDIA_TYPES), default="ndjson")
    parser.add_argument(
        "--python", default="", help="for the service's interpreter, such as '-m cProfile -o FILE'"
    )
    arguments = parser.parse_args()
    command = [sys.executable, *arguments.python.split(), "-m", "ingestion_service.main"]
    with tempfile.TemporaryDirectory() as folder:
        async with surroundings(Path(folder)) as around:
            service = await asyncio.create_subprocess_exec(
                *command, env=around.environment, stdout=sys.stderr
            )
            try:
                print(json.dumps(await figures(around, service.pid, arguments.facts, arguments.mode)))
            finally:
                service.terminate()
                await service.wait()


if __name__ == "__main__":
    asyncio.run(main())
