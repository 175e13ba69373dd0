"""Entities, their profile and facts, the catalogue, and figures by area."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from httpapi import AreaAsked, Page, PageRequest, audit_read, require_area
from httpapi import area_asked as one_area
from httpapi.problems import NotFound
from pydantic import BaseModel, Field

from profiling_service.http_api.edge import Edge, Lister, Reader, Staff, Uscc, area_asked
from profiling_service.model.catalogue import Catalogue
from profiling_service.model.entities import SECTORS, EntityStatus
from profiling_service.model.facts import FactType
from profiling_service.ports import EntityRow, FactRow


class IndicatorDefinition(BaseModel):
    """What an indicator means (指标)."""

    code: str
    zh: str
    en: str
    unit: str
    dimension: str
    group: str = Field(description="second-level group (二级指标)")
    group_zh: str
    nature: str = Field(description="static: what an entity is; dynamic: what it does and what happens to it")
    period: str = Field(description="how long a fact counts: window, until_ended, identity or daily")
    aggregate: str
    facts: list[str] = Field(
        description="types of fact it looks at; empty when it looks at particulars or relations"
    )
    missing: str
    effect: str
    ground: str
    confidence: str


class IndicatorCatalogue(BaseModel):
    """The indicator catalogue (指标体系); the order is the order of values."""

    version: int
    indicators: list[IndicatorDefinition]


class IndicatorValue(BaseModel):
    """An indicator's value; null is not known, and not good news."""

    code: str
    zh: str
    en: str
    dimension: str
    unit: str
    value: float | None


class EntitySummary(BaseModel):
    """A market entity in a list (经营主体)."""

    uscc: str
    name: str = Field(description="empty when facts came before the registration")
    status: str
    area_code: str
    industry: str
    entity_type: str
    facts: int


class EntityProfile(EntitySummary):
    """A market entity with its profile (画像)."""

    established_on: date | None
    capital_fen: int | None
    address: str
    legal_person_ref: str = Field(
        description="pseudonym of the legal representative; empty when not known 法定代表人"
    )
    platforms: list[str]
    profile_version: int
    business_day: date = Field(description="the business day for which the values were told")
    recorded_at: datetime = Field(description="when its newest fact became known to us")
    inferred_industry: str = Field(
        description="what the business scope says where the register names no industry"
    )
    sectors: list[str] = Field(
        description="sectors it works in by licence, industry or business scope (行业)"
    )
    catalogue_version: int = Field(
        description="by which the values were told; of another, none is shown until the next run"
    )
    indicators: list[IndicatorValue]


class FactView(BaseModel):
    """A fact with its three clocks."""

    number: int
    type: str
    source: str
    fact_id: str
    occurred_at: datetime
    recorded_at: datetime
    decided_at: datetime
    counts: bool = Field(description="false once annulled, removed, over, or stopped by repair")
    particulars: Mapping[str, object]


class AreaFigures(BaseModel):
    """Entities of one area and status, and how many of them have an open signal."""

    area_code: str
    status: str
    entities: int
    with_open_signal: int


def router(edge: Edge) -> APIRouter:
    """Routes about entities."""
    routes = APIRouter(prefix="/v1", tags=["entities"])

    @routes.get("/entities", summary="Entities 经营主体")
    async def list_entities(
        caller: Lister,
        page: PageRequest,
        area: Annotated[str | None, Query(max_length=12)] = None,
    ) -> Page[EntitySummary]:
        after = page.after(str) or ("",)
        rows = await edge.reads.entities(area_asked(caller, area), str(after[0]), page.limit + 1)
        return page.page(rows, key=lambda row: (row.uscc,), item=_summary)

    @routes.get("/entities/{uscc}", summary="One entity 主体画像")
    async def read_entity(caller: Reader, uscc: Uscc) -> EntityProfile:
        row = await edge.reads.entity(uscc)
        require_area(caller, row.area_code or None if row else None)
        if row is None:
            raise NotFound("There is no such entity.")
        audit_read(caller, "profile", uscc)
        return _profile(row, edge.book.catalogue)

    @routes.get("/entities/{uscc}/facts", summary="Facts of an entity, with three clocks 主体归集信息")
    async def list_facts(caller: Reader, uscc: Uscc, page: PageRequest) -> Page[FactView]:
        require_area(caller, await edge.reads.area_of(uscc))
        audit_read(caller, "facts", uscc)
        after = page.after(int) or (0,)
        rows = await edge.reads.facts(uscc, int(after[0]), page.limit + 1)
        return page.page(rows, key=lambda row: (row.number,), item=fact_view)

    @routes.get("/catalogue", summary="Indicator catalogue 指标体系")
    async def read_catalogue(caller: Staff) -> IndicatorCatalogue:  # noqa: ARG001 - declares who may
        return _catalogue(edge.book.catalogue)

    @routes.get("/statistics", summary="Entities by area and status 主体统计")
    async def read_statistics(caller: Lister, area: AreaAsked = None) -> list[AreaFigures]:
        rows = await edge.reads.statistics(one_area(caller, area))
        return [
            AreaFigures(
                area_code=area, status=status_name(status), entities=entities, with_open_signal=warned
            )
            for area, status, entities, warned in rows
        ]

    return routes


def status_name(status: int) -> str:
    """The name of an `EntityStatus`."""
    return EntityStatus(status).name.lower()


def _summary(row: EntityRow) -> EntitySummary:
    return EntitySummary(
        uscc=row.uscc,
        name=row.name,
        status=status_name(row.status),
        area_code=row.area_code,
        industry=row.industry,
        entity_type=row.entity_type,
        facts=row.fact_count,
    )


def _profile(row: EntityRow, catalogue: Catalogue) -> EntityProfile:
    return EntityProfile(
        **_summary(row).model_dump(),
        established_on=row.established_on,
        capital_fen=row.capital_fen,
        address=row.address,
        legal_person_ref=row.legal_person_ref,
        platforms=list(row.platforms),
        profile_version=row.profile_version,
        business_day=row.business_day,
        recorded_at=row.recorded_at,
        inferred_industry=row.inferred_industry,
        sectors=[sector for sector, bit in SECTORS.items() if row.sectors & bit],
        catalogue_version=row.catalogue_version,
        indicators=shown_indicators(catalogue, row.values),
    )


def shown_indicators(catalogue: Catalogue, values: Sequence[float]) -> list[IndicatorValue]:
    """Values in the catalogue's order, with what they mean."""
    return [
        IndicatorValue(
            code=indicator.code,
            zh=indicator.zh,
            en=indicator.en,
            dimension=indicator.dimension,
            unit=indicator.unit,
            value=None if math.isnan(value) else value,
        )
        for indicator, value in zip(catalogue.indicators, values, strict=True)
    ]


def fact_view(row: FactRow) -> FactView:
    """A row of `Reads`."""
    return FactView(
        number=row.number,
        type=FactType(row.type).code,
        source=row.source,
        fact_id=row.fact_id,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        decided_at=row.decided_at,
        counts=row.counts,
        particulars=row.particulars,
    )


def _catalogue(catalogue: Catalogue) -> IndicatorCatalogue:
    return IndicatorCatalogue(
        version=catalogue.version,
        indicators=[
            IndicatorDefinition(
                code=indicator.code,
                zh=indicator.zh,
                en=indicator.en,
                unit=indicator.unit,
                dimension=indicator.dimension,
                group=indicator.group.code,
                group_zh=indicator.group.zh,
                nature=indicator.nature,
                period=indicator.period,
                aggregate=indicator.aggregate,
                facts=sorted(
                    {FactType(each.type).code for each in (*indicator.of, *indicator.per, *indicator.without)}
                ),
                missing=indicator.missing,
                effect=indicator.effect,
                ground=indicator.ground,
                confidence=indicator.confidence,
            )
            for indicator in catalogue.indicators
        ],
    )
