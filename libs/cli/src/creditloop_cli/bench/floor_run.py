"""Starts the floor's two processes, feeds them, and measures."""

import asyncio
import os
import sys
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from creditloop_cli.bench import floor


@dataclass(frozen=True, slots=True)
class Floor:
    """Where to run it: Kafka, its partitions, a superuser's connection, and a name that makes this run its own."""

    bootstrap: str
    partitions: int
    admin_dsn: str
    run: str


async def floor_rate(where: Floor, kind: str, facts: Iterable[tuple[str, bytes]], *, warm: int) -> float:
    """Facts per second through the bare stage, `textbook` or `thin`, after the first `warm` of them."""
    source, sink, database = (f"floor_{kind}_{end}_{where.run}" for end in ("in", "out", "database"))
    await _topics(where.bootstrap, [source, sink], where.partitions)
    dsn = await _database(where.admin_dsn, database)
    count = await _preload(where.bootstrap, source, where.partitions, facts)
    processes = [
        await _start(dsn, "stage", where.bootstrap, source, kind),
        await _start(dsn, "relay", where.bootstrap, sink),
    ]
    try:
        return await floor.measure(where.bootstrap, sink, where.partitions, count, warm=warm)
    finally:
        for process in processes:
            process.kill()
            await process.wait()
        await _drop(where.admin_dsn, database)


async def _start(dsn: str, *arguments: str) -> asyncio.subprocess.Process:
    """One of the floor's processes; the address with its password goes where no list of processes shows it."""
    environment = {**os.environ, floor.DATABASE: dsn}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "creditloop_cli.bench.floor", *arguments, env=environment
    )


async def _topics(bootstrap: str, names: list[str], partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1) for name in names])
    finally:
        await admin.close()


async def _database(admin_dsn: str, name: str) -> str:
    admin = await asyncpg.connect(admin_dsn)
    await admin.execute(f"create database {name}")
    await admin.close()
    dsn = f"{admin_dsn.rpartition('/')[0]}/{name}"
    connection = await asyncpg.connect(dsn)
    await connection.execute(floor.SCHEMA)
    await connection.close()
    return dsn


async def _drop(admin_dsn: str, name: str) -> None:
    admin = await asyncpg.connect(admin_dsn)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


async def _preload(bootstrap: str, topic: str, partitions: int, facts: Iterable[tuple[str, bytes]]) -> int:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", compression_type="zstd", linger_ms=20
    )
    await producer.start()
    count = 0
    try:
        for code, fact in facts:
            count += 1
            await producer.send(
                topic, fact, key=code.encode(), partition=zlib.crc32(code.encode()) % partitions
            )
        await producer.flush()
    finally:
        await producer.stop()
    return count
