"""Sources, for the city's administrators (信息源管理)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from httpapi import AreaRule, Caller, Page, PageRequest, Role, allow
from httpapi.field_errors import Fault, FieldError
from httpapi.problems import Conflict, Invalid, NotFound
from pydantic import BaseModel, ConfigDict, Field

from ingestion_service.errors import NameTaken, UnknownSource
from ingestion_service.http_api.edge import Edge
from ingestion_service.http_api.figures import SourceName
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.model.source import (
    OWN_PREFIX,
    ApiKey,
    Change,
    Freshness,
    NewSource,
    Rate,
    Signature,
    Source,
    expiring,
)

_MANAGE = "manage sources"
Administrator = Annotated[Caller, allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose=_MANAGE)]
READER = allow(Role.CITY_ADMINISTRATOR, Role.AUDITOR, area=AreaRule.CITY_ONLY, purpose=_MANAGE)
_LOADERS = (Role.CITY_ADMINISTRATOR, Role.AUDITOR, Role.AREA_OFFICER)
_LOADER = allow(*_LOADERS, area=AreaRule.CITY_ONLY, purpose="see who sends, and load files for them")
_PLAIN = r"^[^\x00]*$"
Owner = Annotated[str, Field(min_length=1, max_length=200, pattern=_PLAIN, description="责任部门")]
Contact = Annotated[
    str, Field(max_length=500, pattern=_PLAIN, description="联系人: a person, telephone or e-mail")
]
Description = Annotated[str, Field(max_length=5000, pattern=_PLAIN)]
SchemaVersion = Annotated[
    str, Field(max_length=32, pattern=_PLAIN, description="version of the schemas it was registered for")
]
Span = Annotated[
    timedelta,
    Field(
        ge=timedelta(minutes=1),
        le=timedelta(days=400),
        description="silent for longer, such as P1D, it raises an alert; null: nothing is expected",
    ),
]


class RateLimit(BaseModel):
    """How fast facts are taken over HTTP: `burst` at once, then `facts_per_s`."""

    model_config = ConfigDict(extra="forbid")

    facts_per_s: int = Field(ge=1, le=1_000_000)
    burst: int = Field(ge=1, le=100_000_000)


class SourceIn(BaseModel):
    """A source to register; no fact types means all."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", description="its CloudEvents `source`")
    owner: Owner
    fact_types: list[str] = Field(default_factory=list, max_length=200)
    kafka_enabled: bool = Field(default=False, description="facts of this name are also taken from Kafka")
    contact: Contact = ""
    description: Description = ""
    schema_version: SchemaVersion = ""
    expected_freshness: Span | None = None
    rate_limit: RateLimit | None = Field(None, description="over HTTP; null: no limit")


class SourcePatch(BaseModel):
    """What to change of a source; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    owner: Owner = "-"
    fact_types: list[str] = Field(default_factory=list, max_length=200)
    kafka_enabled: bool = False
    contact: Contact = ""
    description: Description = ""
    schema_version: SchemaVersion = ""
    expected_freshness: Span | None = None
    rate_limit: RateLimit | None = None
    suspended: bool = Field(default=False, description="nothing is taken from it, over HTTP or Kafka")


class SourceOut(BaseModel):
    """A registered source (信息源)."""

    name: str
    owner: str
    contact: str
    description: str
    fact_types: list[str]
    schema_version: str
    expected_freshness: timedelta | None
    rate_limit: RateLimit | None
    kafka_enabled: bool
    suspended: bool
    expiring_keys: list[str] = Field(description="ids of its keys that end within 14 days")


class LastFactOut(BaseModel):
    """When the last fact of a type came."""

    type: str
    at: datetime


class SourceListed(SourceOut):
    """A registered source, and how fresh it is."""

    last_fact_at: datetime | None = Field(
        description="when its last fact came, as last looked; null for none"
    )
    expected_by: datetime | None = Field(
        description="when the next fact should be here; null where nothing is expected, or it is suspended"
    )
    late: bool = Field(description="it is not here by then")


class SourceDetail(SourceListed):
    """A source with the last fact of each type that came from it, as last looked."""

    last_facts: list[LastFactOut]


class ChangeOut(BaseModel):
    """Who changed what, and when; for keys, the ids of the old and the new one."""

    at: datetime
    by: str
    field: str
    before: Any
    after: Any


class StateIn(BaseModel):
    """Whether a source's facts are taken."""

    model_config = ConfigDict(extra="forbid")

    suspended: bool


class SourceExists(Conflict):
    """Raised when a source of that name is registered already."""

    slug, title = "source-exists", "A source of this name is registered already"


def sources_router(edge: Edge) -> APIRouter:
    """Routes that manage sources."""
    router = APIRouter(prefix="/v1/sources", tags=["sources 信息源"])
    _reading(router, edge)
    _registering(router, edge)
    _changing(router, edge)
    return router


def _reading(router: APIRouter, edge: Edge) -> None:
    @router.get("", dependencies=[_LOADER], summary="All sources (信息源清单)")
    async def list_sources() -> list[SourceListed]:
        keys, now = (await edge.register.keys()).values(), edge.now()
        fresh = await edge.register.freshness()
        return [
            SourceListed(**_out(source, keys, now), **_fresh(fresh[name], now))
            for name, source in (await edge.register.sources()).items()
            if name in fresh
        ]

    @router.get("/{name}", dependencies=[_LOADER], summary="One source (信息源详情)")
    async def read_source(name: SourceName) -> SourceDetail:
        source = (await edge.register.sources()).get(name)
        if source is None:
            raise no_such_source()
        last = [
            LastFactOut(type=found.fact_type, at=found.at) for found in await edge.register.last_facts(name)
        ]
        keys = await edge.register.keys_of(name)
        now, fresh = edge.now(), (await edge.register.freshness())[name]
        return SourceDetail(**_out(source, keys, now), **_fresh(fresh, now), last_facts=last)

    @router.get(
        "/{name}/changes", dependencies=[READER], summary="Who changed what of a source (信息源变更记录)"
    )
    async def list_changes(name: SourceName, page: PageRequest) -> Page[ChangeOut]:
        after = page.after(int) or (0,)
        rows = await edge.register.changes(name, int(after[0]), page.limit + 1)
        return page.page(rows, key=lambda row: (row.id,), item=_change_out)


def _registering(router: APIRouter, edge: Edge) -> None:
    @router.post("", status_code=201, summary="Register a source (登记信息源)")
    async def add_source(caller: Administrator, order: SourceIn) -> SourceOut:
        """A name is registered once, so the order may be sent again safely: the second is told 409."""
        if order.name.startswith(OWN_PREFIX):
            expected = f"a name that does not begin with {OWN_PREFIX}: those are our own services'"
            raise Invalid(errors=[FieldError("body.name", "is not free", expected, Fault.TAKEN)])
        fields = _fields(order.model_dump(exclude={"name"}))
        try:
            source = await edge.register.add(NewSource(order.name, **fields), sign(edge, caller))
        except NameTaken as error:
            raise SourceExists from error
        await edge.senders.refresh()
        return SourceOut(**_out(source, [], edge.now()))


def _changing(router: APIRouter, edge: Edge) -> None:
    @router.patch("/{name}", summary="Change a source (变更信息源)")
    async def change_source(caller: Administrator, name: SourceName, order: SourcePatch) -> SourceOut:
        """Only what is named changes; who changed it, when, from what and to what is kept."""
        source = await _change(edge, name, _fields(order.model_dump(exclude_unset=True)), caller)
        keys = await edge.register.keys_of(name)
        return SourceOut(**_out(source, keys, edge.now()))

    @router.put("/{name}/state", status_code=204, summary="Suspend or resume a source (停用、启用信息源)")
    async def set_state(caller: Administrator, name: SourceName, order: StateIn) -> None:
        await _change(edge, name, {"suspended": order.suspended}, caller)


async def _change(edge: Edge, name: str, changes: dict[str, Any], caller: Caller) -> Source:
    try:
        source = await edge.register.change(name, changes, sign(edge, caller))
    except UnknownSource as error:
        raise no_such_source() from error
    await edge.senders.refresh()
    return source


def sign(edge: Edge, caller: Caller) -> Signature:
    """Who does something now."""
    return Signature(caller.subject, edge.now())


def no_such_source() -> NotFound:
    """The problem of a name that nobody registered."""
    return NotFound("There is no such source.")


def _fresh(found: Freshness, now: datetime) -> dict[str, Any]:
    by = found.expected_by
    return {"last_fact_at": found.last_fact_at, "expected_by": by, "late": by is not None and by < now}


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    """Members of a body as fields of a source."""
    if "fact_types" in given:
        given["fact_types"] = _known(given["fact_types"])
    if "expected_freshness" in given:
        span: timedelta | None = given.pop("expected_freshness")
        given["expected_freshness_s"] = None if span is None else int(span.total_seconds())
    if "rate_limit" in given:
        limit = given.pop("rate_limit")
        given["rate"] = None if limit is None else Rate(**limit)
    return given


def _known(fact_types: list[str]) -> frozenset[str]:
    if unknown := sorted(set(fact_types) - set(FACT_TYPES)):
        expected = "types of GET /v1/fact-types"
        wrong = FieldError("body.fact_types", f"{len(unknown)} are not known", expected, Fault.UNKNOWN)
        raise Invalid(errors=[wrong])
    return frozenset(fact_types)


def _out(source: Source, keys: Iterable[ApiKey], now: datetime) -> dict[str, Any]:
    freshness_s, rate = source.expected_freshness_s, source.rate
    return {
        "name": source.name,
        "owner": source.owner,
        "contact": source.contact,
        "description": source.description,
        "fact_types": sorted(source.fact_types),
        "schema_version": source.schema_version,
        "expected_freshness": None if freshness_s is None else timedelta(seconds=freshness_s),
        "rate_limit": None if rate is None else RateLimit(facts_per_s=rate.facts_per_s, burst=rate.burst),
        "kafka_enabled": source.kafka_enabled,
        "suspended": source.suspended,
        "expiring_keys": [key.key_id for key in keys if key.source == source.name and expiring(key, now)],
    }


def _change_out(change: Change) -> ChangeOut:
    return ChangeOut(
        at=change.changed_at,
        by=change.changed_by,
        field=change.field,
        before=change.before,
        after=change.after,
    )
