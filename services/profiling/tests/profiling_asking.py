"""The service's HTTP edge, asked as any role."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from httpapi import LocalIssuer, Role
from httpapi.tokens import IdentityOptions, verifier_from
from profiling_service.main import Service, alone, bus_of
from profiling_service.rules.profiles import RuleBook
from profiling_service.settings import Settings
from profiling_service.use_cases.record import record_facts


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    """Signs tokens of any role."""
    return LocalIssuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
async def app(
    migrated_database: str, sql_world: Any, issuer: LocalIssuer, book: RuleBook, facts: Any, sample: Any
):
    """The application over two entities in two areas; it publishes to its outbox only."""
    async with sql_world.transaction() as tx:
        there = facts.registration(uscc=sample.other, area_code="510117", name="另一家")
        await record_facts([facts.registration(), there, facts.penalty("P-1")], tx, book)
    bus = bus_of(Settings(database_url=migrated_database, kafka_bootstrap_servers="unused:1"))
    bus._relay = _SilentRelay()
    options = IdentityOptions(jwks_file=issuer.jwks_file)
    yield Service(bus, book, sql_world.profiles).application(verifier_from(options), alone)
    await bus.engine.dispose()


class _SilentRelay:
    def wake(self) -> None:
        """Events stay in the outbox."""


@pytest.fixture
async def ask(app: FastAPI, issuer: LocalIssuer) -> AsyncIterator[Any]:
    """Asks as a role; the city's administrator when none is named."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://profiling") as client:

        async def asked(
            path: str,
            role: Role = Role.CITY_ADMINISTRATOR,
            *,
            json: Any = None,
            method: str = "",
            **more: Any,
        ) -> Any:
            headers = {"Authorization": f"Bearer {issuer.issue(role, **more)}"}
            if json is not None:
                headers["Idempotency-Key"] = f'"{abs(hash((path, str(json))))}"'
            return await client.request(
                method or ("GET" if json is None else "POST"), path, headers=headers, json=json
            )

        yield asked
