"""Subscriptions of platform companies (平台企业), kept by the city's administrators."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path
from httpapi.access import AreaRule, allow
from httpapi.idempotency import IdempotencyStore, OnceKeyRequired, OncePerKey, StoredAnswer
from httpapi.identity import Role
from pydantic import BaseModel, Field
from starlette.responses import Response

from notification_service.http_api.edge import Edge, EdgeUnitOfWork, UsccText, faults_as_problems
from notification_service.model import Platform
from notification_service.model.views import PlatformView
from notification_service.use_cases import platforms as use_cases

_KEEPER = allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="keep subscriptions of platforms")
_READER = allow(
    Role.CITY_ADMINISTRATOR, Role.AUDITOR, area=AreaRule.CITY_ONLY, purpose="see subscriptions of platforms"
)
_CODE = r"^[a-z0-9][a-z0-9-]{1,39}$"
Code = Annotated[str, Path(pattern=_CODE, description="code of the platform 平台代码")]
Name = Annotated[str, Field(min_length=1, max_length=200, description="name of the platform 平台名称")]
Url = Annotated[
    str | None,
    Field(max_length=2000, description="where signed webhooks go 推送地址; without it the platform pulls"),
]


class NewPlatform(BaseModel):
    """A subscription to make."""

    code: Annotated[str, Field(pattern=_CODE, description="short stable name 平台代码")]
    name: Name
    webhook_url: Url = None


class PlatformChange(BaseModel):
    """What a subscription shall be from now on."""

    name: Name
    webhook_url: Url = None


_SHOWN_ONCE = (
    "verifies webhooks, Standard Webhooks 签名密钥; shown once: null in a repeated answer, then rotate"
)


class Subscribed(BaseModel):
    """A subscription just made; the secret is shown this once."""

    code: str
    name: str
    webhook_url: str | None
    secret: Annotated[str | None, Field(description=_SHOWN_ONCE)]


class NewSecret(BaseModel):
    """A secret just made, shown this once; the former one signs beside it until the next rotation."""

    code: str
    secret: Annotated[str | None, Field(description=_SHOWN_ONCE)]


class PlatformOut(BaseModel):
    """One subscription."""

    code: str
    name: str
    webhook_url: str | None
    state: Annotated[str, Field(description="active, or disabled once the platform answered 410")]
    created_at: datetime
    operators: Annotated[int, Field(description="entities known to sell there 平台内经营者")]


class Operators(BaseModel):
    """Entities that sell on the platform (平台内经营者)."""

    usccs: Annotated[list[UsccText], Field(min_length=1, max_length=10_000)]


class Added(BaseModel):
    """How many operators were not known before."""

    added: int


def router(edge: Edge) -> APIRouter:
    """Routes to subscribe, change, rotate secrets and name operators."""
    routes = APIRouter(prefix="/v1/platforms", tags=["platforms 平台"])
    for add in (_list_route, _subscribe_route, _change_route, _rotate_route, _operators_route):
        add(routes, edge)
    return routes


def _list_route(routes: APIRouter, edge: Edge) -> None:
    @routes.get("", dependencies=[_READER], summary="List subscriptions 平台订阅")
    async def list_platforms() -> list[PlatformOut]:
        return [_platform(view) for view in await edge.reader.platforms()]


def _subscribe_route(routes: APIRouter, edge: Edge) -> None:
    Tx = Annotated[EdgeUnitOfWork, Depends(edge.transaction, scope="function")]  # noqa: N806 - a type

    @routes.post(
        "",
        status_code=201,
        response_model=Subscribed,
        dependencies=[_KEEPER],
        summary="Subscribe a platform 新增平台订阅",
    )
    async def subscribe_platform(body: NewPlatform, tx: Tx, once: OncePerKey) -> Response:
        async def work() -> Subscribed:
            secret = edge.new_secret()
            platform = Platform(body.code, body.name, body.webhook_url)
            await use_cases.subscribe_platform(
                platform, secret, tx, edge.clock(), private_allowed=edge.private_allowed
            )
            return Subscribed(code=body.code, name=body.name, webhook_url=body.webhook_url, secret=secret)

        with faults_as_problems():
            return await once.answer(_WithoutSecret(tx.idempotency), 201, work)


def _change_route(routes: APIRouter, edge: Edge) -> None:
    Tx = Annotated[EdgeUnitOfWork, Depends(edge.transaction, scope="function")]  # noqa: N806 - a type

    @routes.put(
        "/{code}", status_code=204, dependencies=[_KEEPER], summary="Change a subscription 变更平台订阅"
    )
    async def change_platform(code: Code, body: PlatformChange, tx: Tx) -> None:
        with faults_as_problems():
            platform = Platform(code, body.name, body.webhook_url)
            await use_cases.change_platform(platform, tx, private_allowed=edge.private_allowed)


def _rotate_route(routes: APIRouter, edge: Edge) -> None:
    Tx = Annotated[EdgeUnitOfWork, Depends(edge.transaction, scope="function")]  # noqa: N806 - a type

    @routes.post(
        "/{code}/secrets",
        status_code=201,
        response_model=NewSecret,
        dependencies=[_KEEPER],
        summary="Rotate a platform's secret 轮换平台密钥",
    )
    async def rotate_secret(code: Code, tx: Tx, once: OnceKeyRequired) -> Response:
        async def work() -> NewSecret:
            secret = edge.new_secret()
            await use_cases.rotate_secret(code, secret, tx)
            return NewSecret(code=code, secret=secret)

        with faults_as_problems():
            return await once.answer(_WithoutSecret(tx.idempotency), 201, work)


def _operators_route(routes: APIRouter, edge: Edge) -> None:
    Tx = Annotated[EdgeUnitOfWork, Depends(edge.transaction, scope="function")]  # noqa: N806 - a type

    @routes.post(
        "/{code}/operators",
        response_model=Added,
        dependencies=[_KEEPER],
        summary="Name entities that sell on the platform 平台内经营者",
    )
    async def add_operators(code: Code, body: Operators, tx: Tx, once: OncePerKey) -> Response:
        async def work() -> Added:
            return Added(added=await use_cases.add_operators(code, body.usccs, tx))

        with faults_as_problems():
            return await once.answer(tx.idempotency, 200, work)


class _WithoutSecret:
    """An `IdempotencyStore` that keeps answers without the secret in them."""

    def __init__(self, kept_in: IdempotencyStore) -> None:
        self._kept_in = kept_in

    async def begin(self, key: str, caller: str) -> StoredAnswer | None:
        """See `IdempotencyStore`."""
        return await self._kept_in.begin(key, caller)

    async def finish(self, key: str, caller: str, answer: StoredAnswer) -> None:
        """See `IdempotencyStore`."""
        body = {**msgspec.json.decode(answer.body, type=dict[str, object]), "secret": None}
        kept = StoredAnswer(answer.fingerprint, answer.status, msgspec.json.encode(body))
        await self._kept_in.finish(key, caller, kept)


def _platform(view: PlatformView) -> PlatformOut:
    return PlatformOut(
        code=view.code,
        name=view.name,
        webhook_url=view.url,
        state=view.state,
        created_at=view.created_at,
        operators=view.operators,
    )
