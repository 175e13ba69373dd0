"""Makes the builders and fakes beside the tests importable; gives the law, and a database with our tables."""

import asyncio
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from localstack.postgres import databases
from repair_service.main import migrate
from repair_service.rules import Law
from repair_service.settings import load_law
from repair_service.tables import metadata

sys.path.append(str(Path(__file__).parent))


@pytest.fixture(scope="session")
def law() -> Law:
    return load_law()


@pytest.fixture(scope="session")
def migrated_database(postgres_admin_url: str) -> Iterator[str]:
    """One database for all tests: making and migrating one takes most of a second."""
    name = f"repair_{uuid.uuid4().hex[:12]}"
    asyncio.run(databases.create(postgres_admin_url, name))
    url = databases.url_of(postgres_admin_url, name)
    migrate(url)
    yield url
    asyncio.run(databases.drop(postgres_admin_url, name))


@pytest.fixture
async def empty_database(migrated_database: str) -> str:
    """The URL of a database with our tables and nothing in them."""
    async with databases.connected(migrated_database) as connection:
        await connection.execute(f"truncate {', '.join(metadata.tables)}, lane, outbox, dead_letter")
    return migrated_database
