"""Profiles as of any moment, in two clocks (三时钟回溯)."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated

from fastapi import APIRouter, Query
from httpapi import audit_read, require_area
from httpapi.field_errors import Fault, FieldError
from httpapi.problems import Invalid, NotFound
from pydantic import AwareDatetime, BaseModel, Field
from vocabulary.sparse_values import unpack

from profiling_service.http_api.edge import Edge, Reader, Uscc
from profiling_service.http_api.entities import IndicatorValue, shown_indicators, status_name
from profiling_service.model.entities import SECTORS
from profiling_service.rules.as_of import Moment, Standing
from profiling_service.rules.windows import as_date, as_day

_SHANGHAI = timezone(timedelta(hours=8))
KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="by what was recorded until then; now when left out"),
]
ValidAt = Annotated[
    date | None,
    Query(
        description="as things were at the end of that day; as told on the business day of `known_at` when left out"
    ),
]


class ProfileAsOf(BaseModel):
    """A profile as of a moment; without `valid_at` it is the one that was told then."""

    uscc: str
    valid_at: date = Field(description="day on which windows end")
    known_at: datetime
    as_told: bool = Field(
        description="true without `valid_at`: facts dated after the business day count as they did"
    )
    catalogue_version: int
    name: str
    status: str
    area_code: str
    industry: str
    entity_type: str
    established_on: date | None
    capital_fen: int | None
    address: str
    platforms: list[str]
    sectors: list[str]
    facts: list[int] = Field(description="numbers of the facts it was made of")
    in_force: list[int] = Field(description="of these, those that counted on that day")
    newest_fact: str = Field(description="the one recorded last, as source|fact_id")
    indicators: list[IndicatorValue]


def router(edge: Edge) -> APIRouter:
    """Routes about the past."""
    routes = APIRouter(prefix="/v1", tags=["entities"])

    @routes.get("/entities/{uscc}/profile", summary="Profile as of a moment 画像回溯")
    async def read_profile(
        caller: Reader, uscc: Uscc, valid_at: ValidAt = None, known_at: KnownAt = None
    ) -> ProfileAsOf:
        require_area(caller, await edge.reads.area_of(uscc))
        audit_read(caller, "profile", uscc)
        known = min(known_at or datetime.now(UTC), datetime.now(UTC))
        moment = _moment(await edge.history.business_day(known), valid_at, known)
        found = await edge.history.standing(uscc, moment, known)
        if found is None:
            raise NotFound("Nothing was known of such an entity then.")
        return _shown(edge, uscc, (moment, known, valid_at is None), found)

    return routes


def _moment(business_day: int, valid_at: date | None, known_at: datetime) -> Moment:
    known_ms = int(known_at.timestamp() * 1000)
    if valid_at is None:
        return Moment(business_day, None, known_ms)
    if not date(1949, 10, 1) <= valid_at <= date(2200, 1, 1):
        wrong = FieldError(
            "query.valid_at", "is no day we know of", "a day from 1949-10-01 to 2200-01-01", Fault.NO_DAY
        )
        raise Invalid(errors=[wrong])
    end = datetime.combine(valid_at + timedelta(days=1), time(), _SHANGHAI)
    return Moment(as_day(valid_at), int(end.timestamp() * 1000) - 1, known_ms)


def _shown(edge: Edge, uscc: str, asked: tuple[Moment, datetime, bool], found: Standing) -> ProfileAsOf:
    moment, known_at, as_told = asked
    entity, identity, catalogue = found.entity, found.identity, edge.book.catalogue
    established = identity.established_on_day
    return ProfileAsOf(
        uscc=uscc,
        valid_at=as_date(moment.day),
        known_at=known_at,
        as_told=as_told,
        catalogue_version=catalogue.version,
        name=identity.name,
        status=status_name(entity.status),
        area_code=identity.area_code,
        industry=identity.best_industry,
        entity_type=identity.entity_type,
        established_on=None if established is None else as_date(established),
        capital_fen=identity.capital_fen,
        address=identity.address,
        platforms=list(identity.platforms),
        sectors=[sector for sector, bit in SECTORS.items() if entity.sectors & bit],
        facts=list(found.facts),
        in_force=list(found.in_force),
        newest_fact=f"{found.newest.source}|{found.newest.fact_id}",
        indicators=shown_indicators(catalogue, unpack([entity.values], catalogue.width)[0].tolist()),
    )
