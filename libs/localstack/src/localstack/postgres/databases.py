"""Databases and roles: one of each per service, closed to the others."""

# mypy: allow-untyped-calls
# asyncpg ships no types.

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

import asyncpg

PREFIX = "creditloop_"


def new_passwords(services: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """A password for each service's role; those known stay."""
    return {service: known.get(service) or secrets.token_urlsafe(16) for service in services}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that is closed afterwards; takes SQLAlchemy's form of the URL too."""
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1))
    try:
        yield connection
    finally:
        await connection.close()


async def provision(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Each service has its role and its database, and no role may connect to another's."""
    async with connected(admin_url) as connection:
        await connection.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
        for service, password in passwords.items():
            await _provision(connection, PREFIX + service, password)


async def _provision(connection: asyncpg.Connection, name: str, password: str) -> None:
    """Role and database of one name; a password is URL-safe text of ours and needs no quoting."""
    if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
        await connection.execute(f"CREATE ROLE {name} LOGIN")
    await connection.execute(f"ALTER ROLE {name} PASSWORD '{password}'")
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    await connection.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")


async def create(admin_url: str, name: str) -> None:
    """A new, empty database."""
    async with connected(admin_url) as connection:
        await connection.execute(f'CREATE DATABASE "{name}"')


async def drop(admin_url: str, name: str) -> None:
    """The database is gone, whoever was still connected."""
    async with connected(admin_url) as connection:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def url_of(admin_url: str, name: str) -> str:
    """The same server and user, another database, as SQLAlchemy's asynchronous engine takes it."""
    server = admin_url.partition("://")[2].partition("/")[0]
    return f"postgresql+asyncpg://{server}/{name}"
