# ruff: noqa: INP001 - a script, not a package
"""What one event costs: decode, judge, write and commit, in batches on a real PostgreSQL, without Kafka.

    python services/classification/benchmarks/hot_path.py [--entities 200000] [--events 60000]

Prints microseconds per event: in all, of this process, and of PostgreSQL's backend (CPU time read from the system).
"""

import argparse
import gc
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import uvloop
from classification_service import wire
from classification_service.main import GC_THRESHOLDS, bus_of
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.heads import HeadCache
from classification_service.store.in_force import RulesInForce
from classification_service.store.schema import migrate
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.use_cases.classify import classify
from classification_service.use_cases.promote import register_models
from contracts.profiling.v1_pb2 import ENTITY_STATUS_ACTIVE, IndicatorsChanged
from eventbus import Received, Transaction
from localstack.postgres import databases
from localstack.stack import Stack
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.sparse_values import pack

_BATCH = 1000
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_EPOCH_DAY = 20_000


def _received(uscc: str, version: int, sparse: bytes) -> Received:
    message = IndicatorsChanged(
        uscc=uscc,
        profile_version=version,
        catalogue_version=packs.CATALOGUE_VERSION,
        sparse_values=sparse,
        business_day=_EPOCH_DAY,
        recorded_at_ms=1_750_000_000_000,
        cause=f"market-penalties|fact-{version}-{uscc}",
        status=ENTITY_STATUS_ACTIVE,
        area_code="510104",
        industry="H62",
        entity_type="1100",
        established_on_day=_EPOCH_DAY - 3000,
    )
    return Received("t", 0, 0, wire.INDICATORS_CHANGED, "s", 1, uscc, message.SerializeToString(), 0, "")


def _events(entities: int, batches: int, random: np.random.Generator) -> Iterator[list[Received]]:
    """A first event for every entity, then events of which a third change the score."""
    values = np.zeros((entities, len(packs.shipped_catalogue().indicators)), dtype=np.float32)
    values[:, 0], values[:, 1] = 8.2, 200
    values[:, -18:] = 1  # some twenty are not zero
    versions = np.zeros(entities, dtype=np.int64)
    first = (np.arange(start, start + _BATCH) for start in range(0, entities, _BATCH))
    later = (random.choice(entities, _BATCH, replace=False) for _ in range(batches))
    for number, chosen in enumerate([*first, *later]):
        versions[chosen] += 1
        if number >= entities // _BATCH:
            moved = chosen[random.random(_BATCH) < 1 / 3]
            values[moved, 22] = (values[moved, 22] + 2) % 12
            values[chosen, 0] += 0.003
        sparse = pack(values[chosen])
        yield [
            _received(f"91510104YY{i:08d}", int(versions[i]), packed)
            for i, packed in zip(chosen, sparse, strict=True)
        ]


def _backend_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


class _Meter:
    """Time spent so far: in all, by this process, and by PostgreSQL's backend."""

    def __init__(self, backend_pid: int) -> None:
        self._pid = backend_pid
        self.start()

    def start(self) -> None:
        self._backend_s = _backend_s(self._pid)
        self.wall_s = self.process_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        wall_s, process_s = time.perf_counter(), time.process_time()
        yield
        self.wall_s += time.perf_counter() - wall_s
        self.process_s += time.process_time() - process_s

    def us_per_event(self, events: int) -> dict[str, float]:
        spent = {
            "wall_us": self.wall_s,
            "python_us": self.process_s,
            "postgres_us": _backend_s(self._pid) - self._backend_s,
        }
        return {name: round(seconds / events * 1e6, 2) for name, seconds in spent.items()}


async def _measure(engine: AsyncEngine, entities: int, events: int) -> dict[str, float]:
    catalogue = packs.shipped_catalogue()
    decode = wire.indicators_decoder(catalogue)
    cache, rules, published = HeadCache(), RulesInForce(catalogue), 0
    async with engine.connect() as connection:
        pid = (await connection.execute(text("select pg_backend_pid()"))).scalar_one()
        await connection.commit()
        meter = _Meter(pid)
        for number, batch in enumerate(_events(entities, events // _BATCH, np.random.default_rng(1))):
            if number == entities // _BATCH:
                meter.start()
                published = 0
            with meter.running():
                changes = [decode(each) for each in batch]
                async with connection.begin():
                    transaction = Transaction(connection)
                    await classify(changes, SqlUnitOfWork(transaction, cache, rules), decided_at_ms=0)
                transaction.committed()
            published += len(transaction.outgoing)
        spent = meter.us_per_event(events)
        decisions = (await connection.execute(text("select count(*) from decision"))).scalar_one()
    shares = {"decisions": decisions - entities, "published": published}
    return {"events": events} | spent | {name: round(count / events, 3) for name, count in shares.items()}


async def _run(entities: int, events: int) -> None:
    stack = Stack("test")
    await stack.up(services=False)
    admin_url = stack.admin_database_url
    name = f"hot_path_{os.getpid()}"
    await databases.create(admin_url, name)
    url = databases.url_of(admin_url, name)
    await migrate(url)
    bus = bus_of(Settings(database_url=url, kafka_bootstrap_servers=""))
    catalogue = packs.shipped_catalogue()
    try:
        async with bus.engine.begin() as connection:
            unit_of_work = SqlUnitOfWork(Transaction(connection), HeadCache(), RulesInForce(catalogue))
            await register_models(packs.shipped_models(catalogue), unit_of_work, now=datetime.now(UTC))
        print(json.dumps(await _measure(bus.engine, entities, events)))  # noqa: T201 - its answer
    finally:
        await bus.engine.dispose()
        await databases.drop(admin_url, name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entities", type=int, default=200_000)
    parser.add_argument("--events", type=int, default=60_000)
    arguments = parser.parse_args()
    gc.set_threshold(*GC_THRESHOLDS)
    uvloop.run(_run(arguments.entities, arguments.events))
