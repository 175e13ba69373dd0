"""Statistics of the sectors (行业): class mix, areas, discovery rate, important matters."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from fastapi import APIRouter
from httpapi.access import AreaAsked, area_asked, audit_read
from pydantic import BaseModel, Field
from vocabulary.industries import Sector as GradedSector

from classification_service.http_api.edge import Edge, ManyEntities
from classification_service.http_api.reviews.discovery import Rate
from classification_service.model.review import ReviewScope, Tally
from classification_service.model.risk_model import RiskModel
from classification_service.model.sectors import (
    REPORTED_SECTORS,
    Matters,
    Sector,
    SectorCount,
    SectorMatters,
)
from classification_service.rules.reviewing.discovery import discovery_rate
from classification_service.rules.sector_matters import matters_of
from classification_service.rules.verdicts import class_in

_MOST_MATTERS = 10

ReportedSector = StrEnum("ReportedSector", {sector.code.upper(): sector.code for sector in REPORTED_SECTORS})  # type: ignore[misc]  # made of data


class SectorGrouping(StrEnum):
    """What a sector's members are counted by."""

    AREA = "area"
    NONE = "none"


class Mix(BaseModel):
    """The classes of members (分类占比), and what inspections of the control group found (问题发现率)."""

    group: str = Field(
        description="area code; empty for all 区域, and in groups for members whose area is not known"
    )
    entities: int
    counts: dict[str, int] = Field(description="members by their class in the sector 行业类别")
    shares: dict[str, float] = Field(description="shares of these, 0 to 1")
    general: dict[str, int] = Field(description="members by their general class 通用类别")
    discovery: Rate | None = Field(
        description="with Wilson's interval; null when no member was drawn uniformly"
    )


class Override(BaseModel):
    """An override in force (重要风险事项)."""

    code: str
    zh: str
    en: str
    entities: int


class Matter(BaseModel):
    """An indicator that gives members points (重要风险事项)."""

    indicator: str
    zh: str
    en: str
    entities: int = Field(description="members to whom it gives points")
    points: float = Field(description="all points it gives them")


class SectorStatistics(BaseModel):
    """One sector; a member is whoever its newest decision knew as one."""

    sector: str
    zh: str
    en: str
    total: Mix
    groups: list[Mix]
    overrides: list[Override] = Field(
        description="what decides the general class of members, as many as have it 通用类别的直接判定"
    )
    matters: list[Matter] = Field(
        description=f"the {_MOST_MATTERS} that give most points of the general class to members of C and D in it 通用"
    )
    sector_overrides: list[Override] = Field(
        description="what decides the class of members of C and D in the sector 行业类别的直接判定"
    )
    sector_matters: list[Matter] = Field(
        description=f"the {_MOST_MATTERS} that give members of C and D in the sector most points there 行业"
    )


class AllSectors(BaseModel):
    """The five sectors; entities that are cancelled, revoked, annulled or moved out are not counted."""

    sectors: list[SectorStatistics]


class Found(NamedTuple):
    """What the books say of all sectors, and the models that gave it."""

    models: Sequence[RiskModel]
    by: SectorGrouping
    mix: Sequence[SectorCount]
    matters: Mapping[str, SectorMatters]
    rates: dict[str, Tally]


def router(edge: Edge) -> APIRouter:
    """The routes of the sectors."""
    routes = APIRouter(prefix="/v1/statistics", tags=["statistics 统计"])

    @routes.get("/sectors", summary="The five sectors 行业统计")
    async def sectors(caller: ManyEntities, area: AreaAsked = None) -> AllSectors:
        scope = ReviewScope(uniform_only=True, area_code=area_asked(caller, area))
        tallies = await edge.reviews.tallies("sector", scope)
        found = await _found(edge, scope.area_code, SectorGrouping.NONE, tallies)
        audit_read(caller, "sector_statistics")
        return AllSectors(
            sectors=[
                _statistics(edge, sector, found, found.rates.get(sector.code)) for sector in REPORTED_SECTORS
            ]
        )

    @routes.get("/sectors/{sector}", summary="One sector, by area 单个行业统计")
    async def one_sector(
        caller: ManyEntities,
        sector: ReportedSector,
        by: SectorGrouping = SectorGrouping.NONE,
        area: AreaAsked = None,
    ) -> SectorStatistics:
        scope = ReviewScope(uniform_only=True, area_code=area_asked(caller, area), sector=sector.value)
        found = await _found(edge, scope.area_code, by, await edge.reviews.tallies("area", scope))
        total = next(
            (each for each in await edge.reviews.tallies("sector", scope) if each.group == sector.value), None
        )
        audit_read(caller, "sector_statistics")
        asked = next(each for each in REPORTED_SECTORS if each.code == sector.value)
        return _statistics(edge, asked, found, total)

    return routes


async def _found(edge: Edge, area: str | None, by: SectorGrouping, tallies: Sequence[Tally]) -> Found:
    return Found(
        await edge.models.all(),
        by,
        await edge.sectors.mix(by, area),
        await _matters(edge, area),
        {each.group: each for each in tallies},
    )


async def _matters(edge: Edge, area: str | None) -> Mapping[str, SectorMatters]:
    """Beside the requests of others: it scores every member of C and D."""
    parts = [(some, await edge.models.named(some.models)) for some in await edge.sectors.at_risk(area)]
    known = [(some, scorers) for some, scorers in parts if scorers is not None]
    return await asyncio.to_thread(matters_of, known)


def _statistics(edge: Edge, sector: Sector, found: Found, rate: Tally | None) -> SectorStatistics:
    graded = GradedSector(sector.code)
    members = [count for count in found.mix if class_in(count.sectors, graded)]
    by_group: Callable[[SectorCount], str] = lambda count: count.group  # noqa: E731 - a key with its type
    groups = [(group, list(rows)) for group, rows in groupby(members, by_group)]
    shown = groups if found.by is SectorGrouping.AREA else []
    matters = found.matters[sector.code]
    own = [model for model in found.models if model.sector == sector.code]
    whole = [model for model in found.models if not model.sector]
    return SectorStatistics(
        sector=sector.code,
        zh=sector.zh,
        en=sector.en,
        total=_mix("", graded, members, rate),
        groups=[_mix(group, graded, rows, found.rates.get(group)) for group, rows in shown],
        overrides=_overrides(whole, _deciding(members)),
        matters=_named(edge, matters.general),
        sector_overrides=_overrides(own, matters.own.overrides),
        sector_matters=_named(edge, matters.own),
    )


def _mix(group: str, sector: GradedSector, members: Sequence[SectorCount], rate: Tally | None) -> Mix:
    counts, general = Counter(dict.fromkeys("ABCD", 0)), Counter(dict.fromkeys("ABCD", 0))
    for each in members:
        counts["ABCD"[class_in(each.sectors, sector) - 1]] += each.entities
        general[each.risk_class] += each.entities
    total = counts.total()
    return Mix(
        group=group,
        entities=total,
        counts=counts,
        shares={letter: round(count / total, 4) if total else 0.0 for letter, count in counts.items()},
        general=general,
        discovery=Rate.of(discovery_rate(rate)) if rate else None,
    )


def _deciding(members: Sequence[SectorCount]) -> list[tuple[str, int]]:
    counts = Counter[str]()
    for each in members:
        counts[each.override_code] += each.entities
    del counts[""]
    return counts.most_common()


def _overrides(models: Sequence[RiskModel], counts: Sequence[tuple[str, int]]) -> list[Override]:
    named = {rule.code: rule for model in models for rule in model.adjustments}
    return [
        Override(code=code, zh=named[code].zh, en=named[code].en, entities=entities)
        for code, entities in counts
        if code
        in named  # else set by a person, or of a model that another process has put in the books since
    ]


def _named(edge: Edge, matters: Matters) -> list[Matter]:
    named = {indicator.code: indicator for indicator in edge.catalogue.indicators}
    return [
        Matter(indicator=code, zh=named[code].zh, en=named[code].en, entities=entities, points=points)
        for code, entities, points in matters.items[:_MOST_MATTERS]
    ]
