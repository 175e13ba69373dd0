"""Asking a server whether it does its work, in its own language."""

# mypy: allow-untyped-calls
# asyncpg ships no types.

import asyncio
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import asyncpg
import httpx
from asyncpg.exceptions import PostgresError

from localstack import process
from localstack.errors import StartFailed
from localstack.kafka import topics
from localstack.record import ProcessRecord

_POLL_S = 0.05
_ANSWER_TIMEOUT_S = 5.0


async def is_healthy(url: str) -> bool:
    """Whether the server behind a postgresql, kafka or http health URL answers as it should."""
    check = _CHECKS[urlsplit(url).scheme]
    try:
        return await asyncio.wait_for(check(url), _ANSWER_TIMEOUT_S)
    except (TimeoutError, OSError):
        return False


async def wait_until_healthy(record: ProcessRecord, timeout_s: float) -> None:
    """The process answers its health check.

    Raises:
        StartFailed: It died, at once, or it did not answer within `timeout_s`.
    """
    deadline = time.monotonic() + timeout_s
    while not await is_healthy(record.health):
        if not process.is_alive(record):
            raise StartFailed(_failure(record, "died during start"))
        if time.monotonic() > deadline:
            raise StartFailed(_failure(record, f"was not ready after {timeout_s:.0f} s"))
        await asyncio.sleep(_POLL_S)


def _failure(record: ProcessRecord, what: str) -> str:
    return f"{record.name} {what}; the end of {record.log}:\n{process.last_lines(record.log)}"


async def _postgres(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=_ANSWER_TIMEOUT_S)
    except PostgresError:
        return False
    try:
        return bool(await connection.fetchval("SELECT true"))
    finally:
        await connection.close()


async def _kafka(url: str) -> bool:
    address = urlsplit(url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.close()
    return await topics.answers(address.netloc)


async def _http(url: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=_ANSWER_TIMEOUT_S) as client:
            return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


_CHECKS: dict[str, Callable[[str], Awaitable[bool]]] = {
    "postgresql": _postgres,
    "kafka": _kafka,
    "http": _http,
}
