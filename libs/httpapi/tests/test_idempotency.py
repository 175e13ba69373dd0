import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Body
from httpapi import (
    AreaRule,
    Caller,
    IdentityOptions,
    LocalIssuer,
    Role,
    allow,
    create_app,
    public,
    verifier_from,
)
from httpapi.idempotency import IdempotencyStore, KeyInProgress, OnceKeyRequired, OncePerKey, StoredAnswer
from httpapi.idempotency_store import SqlIdempotencyStore, idempotency_table, keep_purging, purge
from pydantic import BaseModel
from sqlalchemy import MetaData, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.responses import Response
from structlog.testing import capture_logs

pytest_plugins = ["localstack.pytest_plugin"]

ANSWER = StoredAnswer(b"f" * 32, 201, b'{"number":1}')


class MemoryStore:
    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], StoredAnswer] = {}
        self.at_work: set[tuple[str, str]] = set()

    async def begin(self, key: str, caller: str) -> StoredAnswer | None:
        if (key, caller) in self.at_work:
            raise KeyInProgress
        return self.answers.get((key, caller))

    async def finish(self, key: str, caller: str, answer: StoredAnswer) -> None:
        self.answers[key, caller] = answer


class Made(BaseModel):
    number: int
    name: str


class Workshop:
    """A service whose every write can be counted."""

    def __init__(self, store: IdempotencyStore, issuer: LocalIssuer) -> None:
        self.store = store
        self.made = 0
        self.broken = False
        router = APIRouter()
        worker = allow(Role.CITY_ADMINISTRATOR, Role.AUDITOR, area=AreaRule.CITY_ONLY)

        @router.post("/v1/things", status_code=201)
        async def make(
            name: Annotated[str, Body(embed=True)], caller: Annotated[Caller, worker], once: OncePerKey
        ) -> Response:
            return await once.answer(self.store, 201, lambda: self.make(name))

        @router.post("/v1/strict", status_code=201, dependencies=[worker])
        async def strict(once: OnceKeyRequired) -> Response:
            return await once.answer(self.store, 201, lambda: self.make("strict"))

        verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
        self.app = create_app("workshop", "1", verifier=verifier, routers=[router])

    async def make(self, name: str) -> Made:
        if self.broken:
            raise RuntimeError("broken")
        self.made += 1
        return Made(number=self.made, name=name)


@pytest.fixture
def workshop(issuer: LocalIssuer) -> Workshop:
    return Workshop(MemoryStore(), issuer)


Send = Callable[..., object]


@pytest.fixture
async def client(
    workshop: Workshop, issuer: LocalIssuer, client_of: Callable[..., httpx.AsyncClient]
) -> AsyncIterator[httpx.AsyncClient]:
    token = issuer.issue(Role.CITY_ADMINISTRATOR)
    async with client_of(workshop.app, Authorization=f"Bearer {token}") as client:
        yield client


async def _send(client: httpx.AsyncClient, key: str, name: str = "成都") -> httpx.Response:
    return await client.post("/v1/things", json={"name": name}, headers={"Idempotency-Key": key})


async def test_a_write_sent_twice_happens_once(client: httpx.AsyncClient, workshop: Workshop) -> None:
    """A sender whose line broke cannot know whether we did it."""
    first = await _send(client, '"k-1"')

    second = await _send(client, '"k-1"')

    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert ["idempotency-replayed" in answer.headers for answer in (first, second)] == [False, True]
    assert workshop.made == 1


async def test_without_a_key_each_write_is_its_own(client: httpx.AsyncClient, workshop: Workshop) -> None:
    """The key is the sender's choice where the route does not demand it."""
    for _ in range(2):
        await client.post("/v1/things", json={"name": "a"})

    assert workshop.made == 2


async def test_one_key_for_two_requests_is_refused(client: httpx.AsyncClient, workshop: Workshop) -> None:
    """Giving the first answer to another question would be a lie."""
    await _send(client, "k-1", "a")

    answer = await _send(client, "k-1", "b")

    assert (answer.status_code, workshop.made) == (422, 1)
    assert answer.json()["type"] == "urn:creditloop:problem:idempotency-key-reused"


async def test_two_callers_may_choose_the_same_key(
    client: httpx.AsyncClient, workshop: Workshop, issuer: LocalIssuer
) -> None:
    """A key is its caller's: nobody gets another's answer."""
    await _send(client, "k-1")
    client.headers["Authorization"] = "Bearer " + issuer.issue(Role.AUDITOR)

    await _send(client, "k-1")

    assert workshop.made == 2


async def test_a_request_still_at_work_is_a_conflict(client: httpx.AsyncClient, workshop: Workshop) -> None:
    """The second sender must wait, not work beside the first."""
    assert isinstance(workshop.store, MemoryStore)
    workshop.store.at_work.add(("k-1", "local:city_administrator"))

    answer = await _send(client, "k-1")

    assert (answer.status_code, workshop.made) == (409, 0)


async def test_a_write_that_failed_may_be_sent_again(client: httpx.AsyncClient, workshop: Workshop) -> None:
    """A failure is not an answer to keep."""
    workshop.broken = True
    failed = await _send(client, "k-1")
    workshop.broken = False

    answer = await _send(client, "k-1")

    assert [failed.status_code, answer.status_code] == [500, 201]


@pytest.mark.parametrize("key", ["", '"', '"a', "a b", '""', "x" * 256])
async def test_a_key_that_cannot_be_read_is_refused(client: httpx.AsyncClient, key: str) -> None:
    """Ignoring it would let the write happen twice."""
    answer = await _send(client, key)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "header.idempotency-key"


async def test_a_route_may_demand_a_key(client: httpx.AsyncClient) -> None:
    """The draft: a documented operation answers 400 without its key."""
    answer = await client.post("/v1/strict")

    assert answer.json()["type"] == "urn:creditloop:problem:idempotency-key-missing"


TABLE = idempotency_table(MetaData())


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(fresh_database)
    async with engine.begin() as connection:
        await connection.run_sync(TABLE.metadata.create_all)
    yield engine
    await engine.dispose()


async def test_a_committed_answer_is_found_and_a_rolled_back_one_is_not(engine: AsyncEngine) -> None:
    """The answer is kept exactly when the write is."""
    async with engine.connect() as lost:
        await SqlIdempotencyStore(lost, TABLE).begin("k", "li")
        await SqlIdempotencyStore(lost, TABLE).finish("k", "li", ANSWER)
        await lost.rollback()
    async with engine.begin() as kept:
        store = SqlIdempotencyStore(kept, TABLE)
        assert await store.begin("k", "li") is None
        await store.finish("k", "li", ANSWER)

    async with engine.begin() as later:
        assert await SqlIdempotencyStore(later, TABLE).begin("k", "li") == ANSWER
        assert await SqlIdempotencyStore(later, TABLE).begin("k", "wang") is None


async def test_a_key_at_work_in_another_transaction_is_told_at_once(engine: AsyncEngine) -> None:
    """Waiting for the first would hold a connection for nothing; a crash of the first frees the key."""
    async with engine.connect() as first, engine.connect() as second:
        await SqlIdempotencyStore(first, TABLE).begin("k", "li")

        with pytest.raises(KeyInProgress):
            await SqlIdempotencyStore(second, TABLE).begin("k", "li")

        await first.rollback()
        assert await SqlIdempotencyStore(second, TABLE).begin("k", "li") is None


async def test_old_answers_are_purged_and_new_ones_stay(engine: AsyncEngine) -> None:
    """We promise to remember a day, not for ever."""
    now = datetime.now(UTC)
    async with engine.begin() as connection:
        await SqlIdempotencyStore(connection, TABLE).finish("k", "li", ANSWER)

        kept = await connection.execute(purge(TABLE, now - timedelta(days=1)))
        gone = await connection.execute(purge(TABLE, now + timedelta(days=1)))

    assert (kept.rowcount, gone.rowcount) == (0, 1)


async def test_old_answers_are_purged_while_the_service_runs(engine: AsyncEngine) -> None:
    """Every service runs this: a table that only grows fills the disk some day."""
    async with engine.begin() as connection:
        for key in ("old", "new"):
            await SqlIdempotencyStore(connection, TABLE).finish(key, "li", ANSWER)
        old = datetime.now(UTC) - timedelta(days=2)
        await connection.execute(update(TABLE).where(TABLE.c.key == "old").values(stored_at=old))
    stop = asyncio.Event()

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(keep_purging(engine, TABLE, stop))
        while await _kept(engine) != ["new"]:
            await asyncio.sleep(0.01)
        stop.set()

    assert await _kept(engine) == ["new"]


async def _kept(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list(await connection.scalars(select(TABLE.c.key)))


async def test_a_database_that_is_away_does_not_end_the_purging() -> None:
    """Upkeep must not take the service down."""
    away, stop = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:9/none"), asyncio.Event()
    purging = asyncio.create_task(keep_purging(away, TABLE, stop))

    with capture_logs() as logs:
        while not logs:
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(purging, 5)

    assert logs[0]["event"] == "old answers not deleted"
    await away.dispose()


async def test_a_text_the_database_cannot_keep_is_the_callers_fault(
    engine: AsyncEngine, issuer: LocalIssuer, client_of: Callable[..., httpx.AsyncClient]
) -> None:
    """JSON and URLs may carry U+0000, PostgreSQL's texts may not: wherever it comes in, 422 and not 500."""
    router = APIRouter()

    @router.post("/v1/echo/{path}", dependencies=[public("a test")])
    async def echo(path: str, query: str, body: Annotated[str, Body(embed=True)]) -> int:
        async with engine.connect() as connection:
            return int(await connection.scalar(select(func.length(f"{path}{query}{body}"))) or 0)

    verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
    async with client_of(create_app("echo", "1", verifier=verifier, routers=[router])) as client:
        answers = [
            await client.post(f"/v1/echo/{path}?query={query}", json={"body": body})
            for path, query, body in (("a", "b", "c"), ("%00", "b", "c"), ("a", "%00", "c"), ("a", "b", "\0"))
        ]

    assert [answer.status_code for answer in answers] == [200, 422, 422, 422]
    assert "U+0000" in answers[1].json()["detail"]
