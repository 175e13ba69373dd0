"""Makes the builders and fakes beside the tests importable; gives an application in memory, and real databases."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from httpapi import LocalIssuer
from httpapi.api_key import key_id_of, new_key
from localstack.postgres import databases

sys.path.append(str(Path(__file__).parent))

from ingestion_desk import Desk, desk_of
from ingestion_files import Files, files_at_work, files_settings
from ingestion_service.main import Service, migrate
from ingestion_service.settings import Settings
from ingestion_store import Store, memory_store, postgres_store


def in_thread(work: Callable[[], None]) -> None:
    """Done outside of the running loop."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(work).result()


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    return LocalIssuer(tmp_path_factory.mktemp("identity"))


@pytest.fixture
async def desk(issuer: LocalIssuer) -> AsyncIterator[Desk]:
    async with desk_of(issuer) as made:
        yield made


@pytest.fixture(scope="session")
def migrated_template(postgres_admin_url: str) -> Iterator[str]:
    """A database with our tables, from which others are copied."""
    name = f"ingestion_template_{uuid.uuid4().hex[:8]}"
    in_thread(lambda: asyncio.run(databases.create(postgres_admin_url, name)))
    in_thread(lambda: migrate(databases.url_of(postgres_admin_url, name)))
    yield name
    in_thread(lambda: asyncio.run(databases.drop(postgres_admin_url, name)))


@pytest.fixture
def ledger_url(postgres_admin_url: str, migrated_template: str) -> Iterator[str]:
    """The URL of an own, empty database with our tables."""
    name = f"ingestion_{uuid.uuid4().hex[:12]}"
    in_thread(lambda: asyncio.run(_copy(postgres_admin_url, name, migrated_template)))
    yield databases.url_of(postgres_admin_url, name)
    in_thread(lambda: asyncio.run(databases.drop(postgres_admin_url, name)))


async def _copy(admin_url: str, name: str, template: str) -> None:
    connection = await asyncpg.connect(admin_url.replace("+asyncpg", ""))
    await connection.execute(f'create database "{name}" template "{template}"')
    await connection.close()


@pytest.fixture(params=["memory", "postgres"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    if request.param == "memory":
        yield memory_store()
        return
    async with postgres_store(request.getfixturevalue("ledger_url")) as made:
        yield made


@pytest.fixture
def settings_and_key(
    ledger_url: str, kafka_bootstrap: str, fresh_topic: Callable[..., str], tmp_path: Path
) -> tuple[Settings, str]:
    """Settings of a service with one source that may send files, and the source's key."""
    key, secret_hash = new_key()
    entry = {"name": "penalties", "key_id": key_id_of(key), "key_hash": secret_hash.hex(), "owner": "锦江局"}
    return files_settings(ledger_url, kafka_bootstrap, fresh_topic, tmp_path, entry), key


@pytest.fixture
async def running(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer
) -> AsyncIterator[tuple[Service, Files, Callable[..., httpx.AsyncClient]]]:
    """The service at work, the source's files with their mapping, and what makes clients of other people."""
    async with files_at_work(*settings_and_key, issuer) as made:
        assert (await made[1].map()).status_code == 200
        yield made


@pytest.fixture
def files(running: tuple[Service, Files, Any]) -> Files:
    """What the source does with its files."""
    return running[1]
