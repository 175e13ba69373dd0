import json
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from httpapi import AreaRule, IdentityOptions, LocalIssuer, Role, allow, create_app, public, verifier_from
from httpapi.body_limit import LONGEST_BODY
from httpapi.idempotency import OncePerKey
from pydantic import BaseModel

ClientOf = Callable[..., httpx.AsyncClient]
CHUNK = b" " * 65536


class Endless:
    """A body of any length without Content-Length, that knows how much of it was taken."""

    def __init__(self, most: int = 100 * LONGEST_BODY) -> None:
        self.most = most
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.taken < self.most:
            self.taken += len(CHUNK)
            yield CHUNK


class Name(BaseModel):
    name: str


@pytest.fixture
def app(issuer: LocalIssuer) -> FastAPI:
    router = APIRouter()
    guarded = [allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY)]

    @router.post("/v1/things", dependencies=guarded)
    async def make(body: Name) -> str:
        return body.name

    @router.post("/v1/once", dependencies=[public("a test")])
    async def make_once(once: OncePerKey) -> str:
        return once.fingerprint.hex()

    @router.post("/v1/streams/a/content", dependencies=[public("a test")])
    @router.post("/v1/stream", dependencies=[public("a test")])
    async def stream(request: Request) -> int:
        return sum([len(chunk) async for chunk in request.stream()])

    verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
    return create_app(
        "sample", "1", verifier=verifier, routers=[router], unlimited=["/v1/stream", "/v1/streams/*/content"]
    )


@pytest.mark.parametrize("path", ["/v1/things", "/v1/once"])
async def test_a_body_without_end_is_ended(app: FastAPI, client_of: ClientOf, path: str) -> None:
    """Bodies are read before we know who sends them: nobody may fill our memory."""
    body = Endless()

    async with client_of(app) as client:
        answer = await client.post(path, content=body)

    assert (answer.status_code, answer.json()["type"]) == (413, "urn:creditloop:problem:too-large")
    assert str(LONGEST_BODY) in answer.json()["detail"]
    assert body.taken <= LONGEST_BODY + len(CHUNK)


async def test_a_body_that_announces_too_much_is_not_even_read(app: FastAPI, client_of: ClientOf) -> None:
    """Its length is said beforehand."""
    body = Endless()

    async with client_of(app, **{"Content-Length": str(LONGEST_BODY + 1)}) as client:
        answer = await client.post("/v1/things", content=body)

    assert (answer.status_code, body.taken) == (413, 0)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_longest_body_is_taken(app: FastAPI, client_of: ClientOf, issuer: LocalIssuer) -> None:
    """The limit itself is within it."""
    document = json.dumps({"name": ""})
    body = json.dumps({"name": "x" * (LONGEST_BODY - len(document))})
    token = issuer.issue(Role.CITY_ADMINISTRATOR)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async with client_of(app, **headers) as client:
        answer = await client.post("/v1/things", content=body)

    assert (answer.status_code, len(body)) == (200, LONGEST_BODY)


@pytest.mark.parametrize("path", ["/v1/stream", "/v1/streams/a/content"])
async def test_a_path_that_bounds_its_own_reading_takes_any_length(
    app: FastAPI, client_of: ClientOf, path: str
) -> None:
    """A stream of facts is never held as a whole."""
    body = Endless(3 * LONGEST_BODY)

    async with client_of(app) as client:
        answer = await client.post(path, content=body)

    assert answer.json() == 3 * LONGEST_BODY
