"""The application over memory, with its writer at work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from fastapi import FastAPI
from httpapi import IdentityOptions, LocalIssuer, Role, create_app, verifier_from
from httpapi.api_key import key_id_of, new_key
from ingestion_builders import LATEST_MS, NOW, PENALTIES, REGISTRY, SAYS
from ingestion_fakes import MemoryDatabase, MemoryRegister
from ingestion_service.http_api import Edge, routers
from ingestion_service.http_api.pacing import Pacer
from ingestion_service.model.source import ApiKey, Signature
from ingestion_service.rules.judging import RELEASABLE_CODES, Bench
from ingestion_service.worker import GroupCommit, WriterOptions
from ingestion_service.worker.bulk import Settler


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Desk:
    """An application in memory with its writer at work."""

    app: FastAPI
    database: MemoryDatabase
    register: MemoryRegister
    writer: GroupCommit
    issuer: LocalIssuer
    keys: dict[str, str]
    clock: Clock

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://ingestion", headers=headers)

    def source(self, name: str = "penalties") -> httpx.AsyncClient:
        return self.client(**{"X-API-Key": self.keys[name]})

    def person(self, role: Role, **claims: str) -> httpx.AsyncClient:
        return self.client(Authorization="Bearer " + self.issuer.issue(role, **claims))  # type: ignore[arg-type]


@asynccontextmanager
async def desk_of(issuer: LocalIssuer, options: WriterOptions | None = None) -> AsyncIterator[Desk]:
    """The application, its writer running."""
    database, register = MemoryDatabase(), MemoryRegister(PENALTIES, REGISTRY)
    keys: dict[str, str] = {}
    for source in (PENALTIES, REGISTRY):
        keys[source.name], secret_hash = new_key()
        await register.add_key(
            ApiKey(key_id_of(keys[source.name]), source.name, secret_hash, NOW), Signature("desk", NOW)
        )
    writer = GroupCommit(
        database.open, lambda error: isinstance(error, OSError), options or WriterOptions(linger_s=0)
    )
    clock = Clock()

    async def bench() -> Bench:
        return Bench(await register.everyone(), LATEST_MS, RELEASABLE_CODES)

    edge = Edge(
        writer,
        register,
        register,
        database.open,
        database,
        database,
        Settler(database.open, bench, lambda error: isinstance(error, OSError)),
        lambda: NOW,
        timedelta(days=1),
        SAYS,
        Pacer(clock),
    )
    verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
    app = create_app("ingestion", "1", verifier=verifier, routers=routers(edge), source_keys=register)
    stop = asyncio.Event()
    running = asyncio.create_task(writer.run(stop))
    yield Desk(app, database, register, writer, issuer, keys, clock)
    stop.set()
    await running
