"""The ports in memory or on PostgreSQL, for tests that both must pass."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple

from contracts.ingestion.v1_pb2 import FactAccepted
from eventbus import Transaction
from ingestion_builders import NOW, NOW_US, PENALTIES, REGISTRY
from ingestion_fakes import MemoryDatabase
from ingestion_service.model.fact import Fact
from ingestion_service.model.source import NewSource, Signature
from ingestion_service.model.verdict import Outcome
from ingestion_service.ports import LedgerReads, QuarantineReads, UnitOfWork
from ingestion_service.store.codes import CodeBook
from ingestion_service.store.reading import LedgerReader
from ingestion_service.store.register import SqlRegister
from ingestion_service.store.unit_of_work import SqlUnitOfWork
from ingestion_service.store.work_list import WorkList
from ingestion_service.tables import STAGING
from ingestion_service.use_cases.record import record_facts
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

Open = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


class Store(NamedTuple):
    """Either implementation, and what it has published."""

    open: Open
    ledger: LedgerReads
    quarantine: QuarantineReads
    published: Callable[[], list[str]]
    engine: AsyncEngine | None
    repeated: Callable[[], Awaitable[int]]
    contested: Callable[[], Awaitable[list[str]]]
    book: CodeBook


def engine_of(url: str) -> AsyncEngine:
    """An engine whose connections have the staging table, as the bus makes them."""
    engine = create_async_engine(url, pool_size=4)

    @sqlalchemy_event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(STAGING)
        cursor.close()
        connection.commit()

    return engine


def memory_store() -> Store:
    database = MemoryDatabase()

    async def repeated() -> int:
        return sum(database.contents.repeated.values())

    def published() -> list[str]:
        return [key for _, key in database.contents.published]

    async def contested() -> list[str]:
        return [f"{alias.old_code} of {alias.fact_id}" for alias in database.contents.contested]

    return Store(database.open, database, database, published, None, repeated, contested, CodeBook())


@asynccontextmanager
async def postgres_store(url: str) -> AsyncIterator[Store]:
    engine = engine_of(url)
    register = SqlRegister(engine)
    for source in (PENALTIES, REGISTRY):
        await register.add(NewSource(source.name, "owner"), Signature("a test", NOW))
    published: list[str] = []
    book = CodeBook()

    @asynccontextmanager
    async def open_() -> AsyncIterator[UnitOfWork]:
        async with engine.begin() as connection:
            transaction = Transaction(connection)
            yield SqlUnitOfWork(transaction, book)
        transaction.committed()
        published.extend(FactAccepted.FromString(out.value).fact_id for out in transaction.outgoing)

    async def repeated() -> int:
        async with engine.connect() as connection:
            total = await connection.execute(text("select coalesce(sum(facts), 0) from repeated_fact"))
            return int(total.scalar_one())

    async def contested() -> list[str]:
        async with engine.connect() as connection:
            told = text("select about from alert where kind = 'code_contested' order by id")
            return list((await connection.execute(told)).scalars())

    reads = LedgerReader(engine), WorkList(engine)
    yield Store(open_, *reads, lambda: published, engine, repeated, contested, book)
    await engine.dispose()


async def record(store: Store, facts: Sequence[Fact], at_us: int = NOW_US) -> list[Outcome]:
    async with store.open() as tx:
        return await record_facts(facts, at_us, tx)


async def somebody_waits(engine: AsyncEngine) -> None:
    waiting = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10), engine.connect() as connection:
        while not (await connection.execute(waiting)).scalar_one():
            await connection.rollback()  # within a transaction the view stays as it was first read
            await asyncio.sleep(0.01)
