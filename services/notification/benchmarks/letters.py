# ruff: noqa: INP001, T201 - a script, not a package
"""Describes entities, plans repair notices and delivers their letters on real PostgreSQL; prints the cost of each.

Processor time is this process's (with its thread that writes files) and that of its one PostgreSQL backend.
Run: `.venv/bin/python services/notification/benchmarks/letters.py [--notices 20000] [--planned 160] [--delivered 1000]`
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from eventbus import Transaction
from localstack import Stack
from localstack.postgres import databases
from notification_service.main import Alarms, migrate, new_salt, now_utc
from notification_service.model import Contact, News, RepairNotice
from notification_service.store import Packs, SqlUnitOfWork, read_packs
from notification_service.use_cases.events import Guidance, heed
from notification_service.worker.alarm import Alarm
from notification_service.worker.letters import LetterWorker, Pace, Surroundings
from notification_service.worker.outbox_folder import OutboxFolder
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from vocabulary.uscc import synthesise

TICKS = os.sysconf("SC_CLK_TCK")
DAY = date(2026, 3, 2)


class Bench:
    """A database of its own, with one connection."""

    def __init__(self, engine: AsyncEngine, packs: Packs) -> None:
        self.engine = engine
        self.packs = packs
        self.backend = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SqlUnitOfWork]:
        """One transaction."""
        async with self.engine.begin() as connection:
            transaction = Transaction(connection)
            yield SqlUnitOfWork(transaction, Alarms())
        transaction.committed()

    async def heed(self, news: Sequence[News]) -> None:
        """One batch of news."""
        guidance = Guidance(self.packs.catalogue, self.packs.kinds, new_salt)
        async with self.open() as tx:
            await heed(news, tx, guidance, now_utc())

    async def deliver(self, folder: Path, batch: int) -> int:
        """Everything due is delivered; returns how many."""
        pace = Pace(batch, 30.0, 1.0)
        around = Surroundings(self.open, now_utc, random.random, self.packs.schedules.letter, pace)
        worker = LetterWorker(around, self.packs.renderer, OutboxFolder(folder), Alarm())
        done = 0
        while claimed := await worker.deliver_batch():
            done += claimed
        return done

    @contextmanager
    def measured(self, what: str, count: int) -> Iterator[None]:
        """Prints what the block cost for each of `count` things."""
        before = (time.process_time(), self._backend_s(), time.perf_counter())
        yield
        after = (time.process_time(), self._backend_s(), time.perf_counter())
        ours, backend, wall = (1e6 * (end - start) / count for start, end in zip(before, after, strict=True))
        print(f"{what:24} {ours:6.1f} µs here, {backend:6.1f} µs PostgreSQL, {1e6 / wall:8,.0f} /s")

    def _backend_s(self) -> float:
        fields = Path(f"/proc/{self.backend}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def contacts(usccs: Sequence[str], version: int) -> list[Contact]:
    """Descriptions of these entities."""
    return [Contact(uscc, "川味小馆（虚构）", "510104", cancelled=False, version=version) for uscc in usccs]


def dues(usccs: Sequence[str], first: int) -> list[RepairNotice]:
    """A repair notice due for each of these entities."""
    return [
        RepairNotice(
            f"R-{first + index}",
            uscc,
            "penalty",
            "成锦市监罚〔2026〕1号",
            date(2026, 6, 2),
            date(2027, 3, 2),
            ("duties_done", "no_repeat"),
            "市场监督管理信用修复管理办法第九条",
            DAY,
        )
        for index, uscc in enumerate(usccs)
    ]


async def bench(admin_url: str, options: argparse.Namespace) -> None:
    """Runs on a database made for it and dropped afterwards."""
    name = f"bench_letters_{uuid.uuid4().hex[:8]}"
    await databases.create(admin_url, name)
    url = databases.url_of(admin_url, name)
    await asyncio.to_thread(migrate, url)
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    it = Bench(engine, read_packs())
    async with engine.connect() as connection:
        it.backend = (await connection.execute(text("select pg_backend_pid()"))).scalar_one()
    with tempfile.TemporaryDirectory() as folder:
        await _measure(it, Path(folder), options)
    await engine.dispose()
    await databases.drop(admin_url, name)


async def _measure(it: Bench, folder: Path, options: argparse.Namespace) -> None:
    count, planned = options.notices, options.planned
    usccs = [synthesise("9", "1", "510104", number) for number in range(count)]
    for version in (1, 2):
        with it.measured(f"described, version {version}", count):
            for first in range(0, count, 800):
                await it.heed(contacts(usccs[first : first + 800], version))
    with it.measured("planned", count):
        for first in range(0, count, planned):
            await it.heed(dues(usccs[first : first + planned], first))
    with it.measured("delivered", count):
        done = await it.deliver(folder, options.delivered)
    print(f"{done:,} letters, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")


def main() -> None:
    """Parses and runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=20_000)
    parser.add_argument("--planned", type=int, default=160, help="notices planned in one transaction")
    parser.add_argument("--delivered", type=int, default=1000, help="letters delivered in one transaction")
    stack = Stack("test")
    asyncio.run(stack.up(services=False))
    asyncio.run(bench(stack.admin_database_url, parser.parse_args()))


if __name__ == "__main__":
    main()
