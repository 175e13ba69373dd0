"""A console that is really served, over a real database, before a service that is really served."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from console_service.store import migrate
from console_service.tables import metadata
from localstack.postgres import databases

sys.path.append(str(Path(__file__).parent))

from console_world import PAGE, World, world_of


@pytest.fixture(scope="session")
def migrated_database(postgres_admin_url: str) -> Iterator[str]:
    """One database for all tests: making and migrating one takes most of a second."""
    name = f"console_{uuid.uuid4().hex[:12]}"
    asyncio.run(databases.create(postgres_admin_url, name))
    url = databases.url_of(postgres_admin_url, name)
    migrate(url)
    yield url
    asyncio.run(databases.drop(postgres_admin_url, name))


@pytest.fixture
async def empty_database(migrated_database: str) -> str:
    """The URL of a database with our tables and nothing in them."""
    async with databases.connected(migrated_database) as connection:
        await connection.execute(f"truncate {', '.join(metadata.tables)}")
    return migrated_database


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A built page, small."""
    folder = tmp_path / "page"
    for name, content in PAGE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
async def world(empty_database: str, tmp_path: Path, page: Path) -> AsyncIterator[World]:
    async with world_of(empty_database, tmp_path, page_dir=str(page)) as made:
        yield made
