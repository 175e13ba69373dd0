"""The process as it is run."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from console_service.rules.paths import SERVICES
from console_world import OURS, everybody, log_in, served
from httpapi import IdentityOptions, LocalIssuer, verifier_from
from little_service import Asked, little_service
from localstack.ports import free_ports
from localstack.postgres import databases


async def test_a_process_that_is_told_to_stop_ends_streams_and_writes_what_it_logged(
    empty_database: str, tmp_path: Path
) -> None:
    """Somebody always watches the stages: an open stream must not hold the process up until it is killed."""
    await everybody(empty_database)
    async with _process(empty_database, tmp_path) as (process, url), _browser(url) as browser:
        await log_in(browser, "bob")
        async with browser.stream("GET", "/api/live/stages") as answer:
            lines = answer.aiter_lines()
            await anext(lines)
            await browser.post("/api/sampling/v1/draws", json={})
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(8):
                rest = [line async for line in lines]
                code = await process.wait()

    async with databases.connected(empty_database) as connection:
        written = await connection.fetchval("select count(*) from access_entry where path = '/v1/draws'")
    assert (code, written) == (0, 1)
    assert rest[-1] == ""


async def test_a_process_that_is_killed_and_started_again_knows_who_is_logged_in(
    empty_database: str, tmp_path: Path
) -> None:
    """Whoever works goes on working."""
    await everybody(empty_database)
    async with _process(empty_database, tmp_path) as (process, url), _browser(url) as browser:
        await log_in(browser, "bob")
        process.kill()
        await process.wait()
    async with _process(empty_database, tmp_path) as (_, url), _browser(url) as again:
        again.cookies = browser.cookies
        answer = await again.get("/api/profiling/v1/echo")

    assert (answer.status_code, answer.json()["subject"]) == (200, "bob")


@asynccontextmanager
async def _process(database: str, folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    verifier = verifier_from(IdentityOptions(jwks_file=LocalIssuer(folder / "identity").jwks_file))
    async with served(little_service(verifier, Asked())) as service:
        port = free_ports(1)[0]
        told = {
            "DATABASE_URL": database,
            "STATE_DIR": str(folder),
            "SERVICE_URLS": json.dumps(dict.fromkeys(SERVICES, service)),
            "HTTP_PORT": str(port),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "console_service.main",
            env={**os.environ, **told},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            await _ready(url)
            yield process, url
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _browser(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, headers=OURS, timeout=30)


async def _ready(url: str) -> None:
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(f"{url}/health/ready")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
