"""Builds a console to be spoken to as a browser would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from console_service import main
from console_service.accounts import by_command
from console_service.model import GivenAccount, Person
from console_service.rules.paths import SERVICES
from console_service.settings import Settings
from console_service.signing_in.admission import admissible
from console_service.store import Accounts, open_engine
from fastapi import FastAPI
from httpapi import IdentityOptions, LocalIssuer, serve, verifier_from
from little_service import Asked, little_service
from sqlalchemy import text

PASSWORD = "correct horse battery"
OURS = {"X-Creditloop-Console": "1"}
PAGE = {
    "index.html": b"<!doctype html><div id=root></div>",
    "index.html.br": b"small br",
    "index.html.gz": b"small gz",
    "assets/app-1a2b.js": b"console.log(1)",
    "assets/app-1a2b.js.br": b"js br",
    "favicon.svg": b"<svg/>",
}
PEOPLE = (
    Person("ann", "ann", "安娜", "city_administrator"),
    Person("bob", "bob", "Bob", "area_officer", area="510104"),
    Person("wu", "wu", "Wu", "area_officer", area="510107"),
    Person("audit", "audit", "审计", "auditor"),
    Person("shop", "shop", "店", "enterprise", entity="91510104YY0000079X"),
    Person("mall", "mall", "平台", "platform", platform="mall"),
    Person("source", "source", "来源", "source_system", source="curl"),
)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The base URL of an application that is served."""
    stop, started = asyncio.Event(), asyncio.get_running_loop().create_future()
    task = asyncio.create_task(
        serve(
            app, "127.0.0.1", 0, stop, started=lambda host, port: started.set_result(f"http://{host}:{port}")
        )
    )
    await asyncio.wait({task, started}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield await started if started.done() else await task
    finally:
        stop.set()
        await task


@dataclass
class World:
    """A console and what is around it."""

    url: str
    database_url: str
    asked: Asked
    settings: Settings
    console: main.Console

    def browser(self) -> httpx.AsyncClient:
        """A browser that knows nothing yet; the caller closes it."""
        return httpx.AsyncClient(base_url=self.url, headers=OURS, timeout=30)

    @asynccontextmanager
    async def as_(self, username: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which this person is logged in."""
        async with self.browser() as browser:
            answer = await log_in(browser, username)
            assert answer.status_code == 201, answer.text
            yield browser


async def log_in(browser: httpx.AsyncClient, username: str, password: str = PASSWORD) -> httpx.Response:
    """Logs in, as the page does: what the browser asks from then on is meant for this account."""
    answer = await browser.post("/api/session", json={"username": username, "password": password})
    if answer.is_success:
        browser.headers["X-Creditloop-Account"] = username
    return answer


async def entries_of(auditor: httpx.AsyncClient, count: int, *, logins: bool = False) -> list[dict[str, Any]]:
    """The entries, with or without those of logins, once there are so many; they are written a moment later."""
    async with asyncio.timeout(10):
        while True:
            found: list[dict[str, Any]] = (await auditor.get("/api/access-log")).json()["items"]
            found = [entry for entry in found if (entry["path"] == "/session") is logins]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.1)


@cache
def hashed() -> str:
    """The hash of everybody's password: making one is meant to be slow."""
    return PasswordHasher().hash(PASSWORD)


async def everybody(database_url: str) -> None:
    """Everybody of `PEOPLE` has an account, and the access log tells of nothing yet."""
    engine = open_engine(database_url)
    await Accounts(engine).put(
        [GivenAccount(admissible(person), hashed(), must_change=False) for person in PEOPLE],
        by_command(datetime.now(UTC)),
    )
    async with engine.begin() as connection:
        await connection.execute(text("truncate access_entry"))
    await engine.dispose()


@asynccontextmanager
async def world_of(database_url: str, folder: Path, **more: Any) -> AsyncIterator[World]:
    """A console whose six services are one small one, and everybody of `PEOPLE`."""
    await everybody(database_url)
    asked = Asked()
    jwks = LocalIssuer(folder / "identity").jwks_file
    async with served(little_service(verifier_from(IdentityOptions(jwks_file=jwks)), asked)) as service:
        told = {
            "database_url": database_url,
            "state_dir": folder,
            "service_urls": dict.fromkeys(SERVICES, service),
        }
        settings = Settings.model_validate({**told, **more})
        async with console_of(settings) as (url, console):
            yield World(url, database_url, asked, settings, console)


@asynccontextmanager
async def console_of(settings: Settings) -> AsyncIterator[tuple[str, main.Console]]:
    """A console that is served, and its address."""
    async with main.opened(settings) as console:
        written, over = asyncio.Event(), asyncio.Event()
        writing = asyncio.create_task(console.access_log.run(written))
        watching = asyncio.create_task(console.watch.run(over))
        try:
            async with served(console.application()) as url:
                yield url, console
                over.set()
        finally:
            over.set()
            written.set()
            await asyncio.gather(writing, watching)
