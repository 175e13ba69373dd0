"""A real PostgreSQL: isolation of the services, durability through stop and kill."""

import asyncpg
import pytest
from localstack import Stack
from localstack.health import is_healthy
from localstack.postgres.databases import connected


async def test_each_service_connects_to_its_own_database(servers: Stack) -> None:
    """A service owns its database: it must be able to create its tables there."""
    async with connected(servers.database_url("profiling")) as connection:
        await connection.execute("CREATE TABLE mine (id int)")
        await connection.execute("DROP TABLE mine")

        assert await connection.fetchval("SELECT current_user") == "creditloop_profiling"


@pytest.mark.parametrize("foreign", ["creditloop_repair", "postgres"])
async def test_no_service_connects_to_another_database(servers: Stack, foreign: str) -> None:
    """Services meet in events only; the server itself must refuse a shortcut."""
    url = servers.database_url("profiling").rpartition("/")[0] + "/" + foreign

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with connected(url):
            pass


async def test_the_server_is_durable_and_speaks_utf8(servers: Stack) -> None:
    """A bench with fsync off would measure something else."""
    wanted = {"fsync": "on", "synchronous_commit": "on", "jit": "off", "server_encoding": "UTF8"}

    async with connected(servers.admin_database_url) as connection:
        found = {name: await connection.fetchval(f"SHOW {name}") for name in wanted}

    assert found == wanted


async def test_a_committed_row_survives_a_kill(servers: Stack) -> None:
    """Chaos kills the postmaster; recovery must work though its pid file and backends are left over."""
    async with connected(servers.database_url("sampling")) as connection:
        await connection.execute("CREATE TABLE survivor AS SELECT 7 AS id")
        before = servers.admin_database_url
        await servers.kill("postgres")
        dead = {each.name: each.health for each in await servers.status()}

    await servers.restart("postgres")

    assert dead["postgres"] == "dead"
    assert servers.admin_database_url == before
    async with connected(servers.database_url("sampling")) as connection:
        assert await connection.fetchval("SELECT id FROM survivor") == 7


async def test_a_server_without_its_password_is_not_healthy(servers: Stack) -> None:
    """Healthy means a query was answered, not that a port is open."""
    stranger = servers.admin_database_url.replace("postgres:", "postgres:wrong", 1)

    assert not await is_healthy(stranger)


async def test_a_fresh_database_is_empty(fresh_database: str) -> None:
    """Tests of stores begin with nothing in the way."""
    async with connected(fresh_database) as connection:
        tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")

    assert tables == 0
