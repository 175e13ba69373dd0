"""Discovery rates, by what is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from fastapi import APIRouter, Query
from httpapi.access import area_asked, audit_read
from pydantic import BaseModel, Field

from classification_service.http_api.edge import Edge, ManyEntities
from classification_service.model.review import DiscoveryRate, ReviewScope, Tally
from classification_service.rules.reviewing.discovery import discovery_rate


class ReviewGrouping(StrEnum):
    """What results are counted by."""

    CLASS = "class"
    AREA = "area"
    INDUSTRY = "industry"
    ITEM = "item"
    SECTOR = "sector"
    STRATUM = "stratum"


class Stratum(StrEnum):
    """Which results count: the control group drawn uniformly, or all."""

    UNIFORM = "uniform"
    ALL = "all"


class Question(BaseModel):
    """Which results count, and by what."""

    by: ReviewGrouping = ReviewGrouping.CLASS
    stratum: Stratum = Stratum.UNIFORM
    item: str | None = Field(None, description="only visits for this inspection item, whatever else 抽查事项")
    since: date | None = Field(None, description="first day 起始日")
    until: date | None = Field(None, description="last day 截止日")
    area: str | None = Field(
        None, pattern=r"^[0-9A-Z]{6}$", description="only this area, within the caller's own 区划"
    )


class Rate(BaseModel):
    """The discovery rate of one group (问题发现率)."""

    group: str = Field(
        description="class before the visit, area, industry letter, item, sector or stratum 分组"
    )
    results: int = Field(description="results recorded, one per visit")
    valid: int = Field(description="results that count in the denominator 有效检查数")
    problems: int = Field(description="problems found 发现问题数")
    rate: float | None = Field(description="problems over valid; null when nothing valid was inspected")
    low: float | None = Field(description="lower end of Wilson's 95 % interval")
    high: float | None = Field(description="upper end of Wilson's 95 % interval")
    weighted_rate: float | None = Field(description="rate with each result weighted by 1/probability 加权")

    @classmethod
    def of(cls, rate: DiscoveryRate) -> Self:
        """The rate as it is shown."""
        return cls(**{name: getattr(rate, name) for name in DiscoveryRate.__dataclass_fields__})


class Discovery(BaseModel):
    """Discovery rates, with what they count."""

    by: ReviewGrouping
    stratum: Stratum
    rates: list[Rate]
    reported: list[Rate] = Field(
        description="what other departments found, by the class before their visit; chosen nobody knows how 部门报送"
    )
    denominator: str = (
        "A result counts unless the inspected activity was not carried on, or the entity was closed, cancelled, "
        "revoked, annulled or moved out; the class is the one at the draw."
    )


def router(edge: Edge) -> APIRouter:
    """The route of the review."""
    routes = APIRouter(prefix="/v1/reviews", tags=["review 结果回溯"])

    @routes.get("/discovery", summary="Discovery rates 问题发现率")
    async def discovery(caller: ManyEntities, question: Annotated[Question, Query()]) -> Discovery:
        scope = ReviewScope(
            uniform_only=question.stratum is Stratum.UNIFORM,
            area_code=area_asked(caller, question.area),
            item=question.item,
            since=question.since,
            until=question.until,
        )
        tallies = await edge.reviews.tallies(question.by, scope)
        reported = await edge.reviews.reported_tallies(question.by, replace(scope, uniform_only=False))
        audit_read(caller, "discovery_rates")
        return Discovery(
            by=question.by, stratum=question.stratum, rates=_rates(tallies), reported=_rates(reported)
        )

    return routes


def _rates(tallies: Sequence[Tally]) -> list[Rate]:
    return [Rate.of(discovery_rate(each)) for each in tallies]
