"""Sources and their keys, for the city's administrators (信息源管理)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from httpapi import AreaRule, Role, allow
from httpapi.api_key import key_id_of, new_key
from httpapi.field_errors import FieldError
from httpapi.problems import Conflict, Invalid, NotFound
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ingestion_service.errors import NameTaken, UnknownKey, UnknownSource
from ingestion_service.http_api.edge import Edge
from ingestion_service.http_api.figures import SourceName
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.model.source import OWN_PREFIX, ApiKey, NewSource, Source

_ADMINISTRATOR = allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="manage sources")
_READER = allow(Role.CITY_ADMINISTRATOR, Role.AUDITOR, area=AreaRule.CITY_ONLY, purpose="manage sources")
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$")]


class SourceIn(BaseModel):
    """A source to register; no fact types means all."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", description="its CloudEvents `source`")
    owner: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$", description="责任部门")
    fact_types: list[str] = Field(default_factory=list, max_length=100)
    kafka_enabled: bool = Field(default=False, description="facts of this name are also taken from Kafka")


class SourceOut(BaseModel):
    """A registered source (信息源)."""

    name: str
    owner: str
    fact_types: list[str]
    kafka_enabled: bool
    suspended: bool


class StateIn(BaseModel):
    """Whether a source's facts are taken."""

    model_config = ConfigDict(extra="forbid")

    suspended: bool


class KeyIn(BaseModel):
    """A key to issue; without an end it holds until it is revoked."""

    model_config = ConfigDict(extra="forbid")

    expires_at: AwareDatetime | None = None


class KeyOut(BaseModel):
    """A new key; `key` is shown this once and kept nowhere."""

    key_id: str
    source: str
    key: str
    expires_at: datetime | None


class SourceExists(Conflict):
    """Raised when a source of that name is registered already."""

    slug, title = "source-exists", "A source of this name is registered already"


def sources_router(edge: Edge) -> APIRouter:
    """Routes that manage sources and keys."""
    router = APIRouter(prefix="/v1/sources", tags=["sources 信息源"])
    _sources(router, edge)
    _keys(router, edge)
    return router


def _sources(router: APIRouter, edge: Edge) -> None:
    @router.get("", dependencies=[_READER], summary="All sources (信息源清单)")
    async def list_sources() -> list[SourceOut]:
        return [_out(source) for source in (await edge.register.sources()).values()]

    @router.post("", status_code=201, dependencies=[_ADMINISTRATOR], summary="Register a source (登记信息源)")
    async def add_source(order: SourceIn) -> SourceOut:
        """A name is registered once, so the order may be sent again safely: the second is told 409."""
        if order.name.startswith(OWN_PREFIX):
            expected = f"a name that does not begin with {OWN_PREFIX}: those are our own services'"
            raise Invalid(errors=[FieldError("body.name", "is not free", expected)])
        if unknown := sorted(set(order.fact_types) - set(FACT_TYPES)):
            expected = "types of GET /v1/fact-types"
            raise Invalid(errors=[FieldError("body.fact_types", f"{len(unknown)} are not known", expected)])
        new = NewSource(order.name, order.owner, frozenset(order.fact_types), order.kafka_enabled)
        try:
            source = await edge.register.add(new)
        except NameTaken as error:
            raise SourceExists from error
        await edge.senders.refresh()
        return _out(source)

    @router.put(
        "/{name}/state",
        status_code=204,
        dependencies=[_ADMINISTRATOR],
        summary="Suspend or resume (停用/启用)",
    )
    async def set_state(name: SourceName, order: StateIn) -> None:
        try:
            await edge.register.suspend(name, suspended=order.suspended)
        except UnknownSource as error:
            raise NotFound("There is no such source.") from error
        await edge.senders.refresh()


def _keys(router: APIRouter, edge: Edge) -> None:
    @router.post(
        "/{name}/keys", status_code=201, dependencies=[_ADMINISTRATOR], summary="Issue a key (签发密钥)"
    )
    async def issue_key(name: SourceName, order: KeyIn | None = None) -> KeyOut:
        """The key is shown once. No Idempotency-Key here: to repeat the answer it would have to be kept."""
        plain, secret_hash = new_key()
        expires_at = order.expires_at if order else None
        key = ApiKey(key_id_of(plain), name, secret_hash, edge.now(), expires_at)
        try:
            await edge.register.add_key(key)
        except UnknownSource as error:
            raise NotFound("There is no such source.") from error
        await edge.senders.refresh()
        return KeyOut(key_id=key.key_id, source=name, key=plain, expires_at=expires_at)

    @router.delete(
        "/{name}/keys/{key_id}",
        status_code=204,
        dependencies=[_ADMINISTRATOR],
        summary="Revoke a key (吊销密钥)",
    )
    async def revoke_key(name: SourceName, key_id: KeyId) -> None:
        try:
            await edge.register.revoke_key(name, key_id, edge.now())
        except UnknownKey as error:
            raise NotFound("This source has no such key.") from error
        await edge.senders.refresh()


def _out(source: Source) -> SourceOut:
    return SourceOut(
        name=source.name,
        owner=source.owner,
        fact_types=sorted(source.fact_types),
        kafka_enabled=source.kafka_enabled,
        suspended=source.suspended,
    )
