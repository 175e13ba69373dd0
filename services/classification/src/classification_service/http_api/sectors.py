"""Statistics of the sectors (行业): class mix, areas, discovery rate, important matters."""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from fastapi import APIRouter
from httpapi.access import audit_read
from httpapi.identity import Caller
from pydantic import BaseModel, Field
from vocabulary.industries import Sector as GradedSector

from classification_service.http_api.edge import Edge, ManyEntities
from classification_service.http_api.reviews.discovery import Rate
from classification_service.model.review import ReviewScope, Tally
from classification_service.model.risk_model import RiskModel
from classification_service.model.sectors import REPORTED_SECTORS, PointsOfItem, Sector, SectorCount
from classification_service.rules.reviewing.discovery import discovery_rate
from classification_service.rules.verdicts import class_in

_MOST_MATTERS = 10

ReportedSector = StrEnum("ReportedSector", {sector.code.upper(): sector.code for sector in REPORTED_SECTORS})  # type: ignore[misc]  # made of data


class SectorGrouping(StrEnum):
    """What a sector's members are counted by."""

    AREA = "area"
    NONE = "none"


class Mix(BaseModel):
    """The classes of members (分类占比), and what inspections of the control group found (问题发现率)."""

    group: str = Field(description="area code, or empty for all 区域")
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
    """An indicator that gives members of C and D points (重要风险事项)."""

    indicator: str
    zh: str
    en: str
    entities: int = Field(description="members of C and D to whom it gives points")
    points: float = Field(description="all points it gives them")


class SectorStatistics(BaseModel):
    """One sector; a member is whoever its newest decision knew as one."""

    sector: str
    zh: str
    en: str
    total: Mix
    groups: list[Mix]
    overrides: list[Override]
    matters: list[Matter] = Field(description=f"the {_MOST_MATTERS} that give most points")


class AllSectors(BaseModel):
    """The five sectors; entities that are cancelled, revoked, annulled or moved out are not counted."""

    sectors: list[SectorStatistics]


class Found(NamedTuple):
    """What the books say of all sectors, and the models that gave it."""

    models: Sequence[RiskModel]
    mix: Sequence[SectorCount]
    points: Sequence[PointsOfItem]
    rates: dict[str, Tally]


def router(edge: Edge) -> APIRouter:
    """The routes of the sectors."""
    routes = APIRouter(prefix="/v1/statistics", tags=["statistics 统计"])

    @routes.get("/sectors", summary="The five sectors 行业统计")
    async def sectors(caller: ManyEntities) -> AllSectors:
        scope = ReviewScope(uniform_only=True, area_code=caller.area_filter())
        tallies = await edge.reviews.tallies("sector", scope)
        found = await _found(edge, caller, SectorGrouping.NONE, tallies)
        audit_read(caller, "sector_statistics")
        return AllSectors(
            sectors=[
                _statistics(edge, sector, found, found.rates.get(sector.code)) for sector in REPORTED_SECTORS
            ]
        )

    @routes.get("/sectors/{sector}", summary="One sector, by area 行业统计")
    async def one_sector(
        caller: ManyEntities, sector: ReportedSector, by: SectorGrouping = SectorGrouping.NONE
    ) -> SectorStatistics:
        scope = ReviewScope(uniform_only=True, area_code=caller.area_filter(), sector=sector.value)
        found = await _found(edge, caller, by, await edge.reviews.tallies("area", scope))
        total = next(
            (each for each in await edge.reviews.tallies("sector", scope) if each.group == sector.value), None
        )
        audit_read(caller, "sector_statistics")
        asked = next(each for each in REPORTED_SECTORS if each.code == sector.value)
        return _statistics(edge, asked, found, total)

    return routes


async def _found(edge: Edge, caller: Caller, by: SectorGrouping, tallies: Sequence[Tally]) -> Found:
    area = caller.area_filter()
    return Found(
        await edge.models.all(),
        await edge.sectors.mix(by, area),
        await edge.sectors.points(area),
        {each.group: each for each in tallies},
    )


def _statistics(edge: Edge, sector: Sector, found: Found, rate: Tally | None) -> SectorStatistics:
    graded = GradedSector(sector.code)
    members = [count for count in found.mix if class_in(count.sectors, graded)]
    by_group: Callable[[SectorCount], str] = lambda count: count.group  # noqa: E731 - a key with its type
    groups = [(group, list(rows)) for group, rows in groupby(members, by_group) if group]
    return SectorStatistics(
        sector=sector.code,
        zh=sector.zh,
        en=sector.en,
        total=_mix("", graded, members, rate),
        groups=[_mix(group, graded, rows, found.rates.get(group)) for group, rows in groups],
        overrides=_overrides(found.models, members),
        matters=_matters(edge, found, graded),
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


def _overrides(models: Sequence[RiskModel], members: Sequence[SectorCount]) -> list[Override]:
    counts = Counter[str]()
    for each in members:
        counts[each.override_code] += each.entities
    del counts[""]
    named = {rule.code: rule for model in models for rule in model.adjustments}
    return [
        Override(code=code, zh=named[code].zh, en=named[code].en, entities=entities)
        for code, entities in counts.most_common()
        if code in named  # else of a model that another process has put in the books since
    ]


def _matters(edge: Edge, found: Found, sector: GradedSector) -> list[Matter]:
    """By indicator, whichever model gave the points; what is cut off at full marks or added as a whole is no item."""
    models = {model.id: model for model in found.models}
    entities, points = Counter[str](), Counter[str]()
    for each in found.points:
        model = models.get(each.model_id)
        if not class_in(each.sectors, sector) or model is None or each.place >= len(model.items):
            continue
        indicator = model.items[each.place].indicator
        entities[indicator] += each.entities
        points[indicator] += each.points  # type: ignore[assignment]  # a sum of points
    named = {indicator.code: indicator for indicator in edge.catalogue.indicators}
    return [
        Matter(indicator=code, zh=named[code].zh, en=named[code].en, entities=entities[code], points=total)
        for code, total in points.most_common(_MOST_MATTERS)
    ]
