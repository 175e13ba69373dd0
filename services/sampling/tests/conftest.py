"""A unit of work in memory, and one on real PostgreSQL."""

import asyncio
import sys
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from eventbus import Transaction
from localstack.postgres import databases
from memory import MemoryUnitOfWork
from sampling_service.model.events import Event
from sampling_service.model.plans import Packs
from sampling_service.store.packs import shipped
from sampling_service.store.schema import migrate
from sampling_service.store.unit_of_work import SqlUnitOfWork
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine


class RecordingUnitOfWork(SqlUnitOfWork):
    """The real one, remembering what it published."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self.published: list[Event] = []
        self.connection = transaction.connection

    def publish(self, *events: Event) -> None:
        super().publish(*events)
        self.published.extend(events)


@pytest.fixture(scope="session")
def packs() -> Packs:
    return shipped()


@pytest.fixture(scope="session")
def migrated_database(postgres_admin_url: str) -> Iterator[str]:
    """The URL of a database with our schema; tests leave it empty."""
    name = f"sampling_{uuid.uuid4().hex[:12]}"
    _in_thread(databases.create(postgres_admin_url, name))
    url = databases.url_of(postgres_admin_url, name)
    _in_thread(migrate(url))
    yield url
    _in_thread(databases.drop(postgres_admin_url, name))


def _in_thread(work: Coroutine[None, None, None]) -> None:
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


@asynccontextmanager
async def rolled_back(url: str):
    """A real unit of work in one transaction that leaves nothing behind."""
    engine = create_async_engine(url)
    async with engine.connect() as connection, connection.begin() as transaction:
        yield RecordingUnitOfWork(Transaction(connection))
        await transaction.rollback()
    await engine.dispose()


@pytest.fixture(params=["memory", "postgresql"])
async def tx(request: pytest.FixtureRequest):
    """Either unit of work: a fake is right when it passes the real one's tests."""
    if request.param == "memory":
        yield MemoryUnitOfWork()
        return
    async with rolled_back(request.getfixturevalue("migrated_database")) as made:
        yield made


@pytest.fixture
async def watched(migrated_database: str):
    """The real unit of work, and the statements that it sends, as a list that grows."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement.strip())

    async with rolled_back(migrated_database) as made:
        event.listen(made.connection.sync_connection, "before_cursor_execute", note)
        yield made, sent
