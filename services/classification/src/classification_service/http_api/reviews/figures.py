"""The figures of a period, each with its interval, or said to be too few."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response
from httpapi.access import audit_read, require_area
from httpapi.field_errors import Fault, FieldError
from httpapi.identity import Caller
from httpapi.problems import Invalid
from pydantic import BaseModel, Field

from classification_service.http_api.edge import Edge, ManyEntities
from classification_service.http_api.reviews.workbook import XLSX_ANSWER, workbook
from classification_service.model.figures import (
    Calibration,
    Capacity,
    FairnessRow,
    Migration,
    Stability,
    Summary,
)
from classification_service.model.review import ReviewScope
from classification_service.model.sectors import SECTORS
from classification_service.rules.reviewing.alarms import YEAR
from classification_service.rules.reviewing.calibration import calibration_of
from classification_service.rules.reviewing.capture import capacity_of
from classification_service.rules.reviewing.drift import migration_of
from classification_service.rules.reviewing.fairness import fairness_of
from classification_service.rules.reviewing.ratios import share_of
from classification_service.rules.reviewing.summary import Context, summary_of

SectorCode = StrEnum("SectorCode", {sector.code.upper(): sector.code for sector in SECTORS})  # type: ignore[misc]  # made of data
_NEVER = date(1950, 1, 1)
"""No visit is as old."""
_A_MONTH = timedelta(days=31)


class Period(BaseModel):
    """Which outcomes count."""

    since: date | None = Field(None, description="first day of visits 起始日")
    until: date | None = Field(None, description="last day of visits 截止日")
    area: str | None = Field(None, description="only this area 区域")
    sector: SectorCode | None = Field(None, description="only members of this sector 行业")
    model: str | None = Field(None, description="only visits before which this model had judged 模型版本")


class Moments(BaseModel):
    """Two business days."""

    before: date = Field(alias="from", description="the earlier day 起")
    after: date = Field(alias="to", description="the later day 止")
    area: str | None = Field(None, description="only this area 区域")


class Fairness(BaseModel):
    """Groups side by side, in the control group."""

    rows: list[FairnessRow]
    note: str = (
        "Ratios are over all others. A discovery rate asks whether a class means the same risk everywhere, the share "
        "of C and D among the clean whom the model's errors burden; both cannot be alike where the rates differ."
    )


def router(edge: Edge) -> APIRouter:
    """The figures."""
    routes = APIRouter(prefix="/v1/reviews", tags=["review 结果回溯"])
    for part in (_whole, _single, _weighed, _moving):
        part(routes, edge)
    return routes


def _whole(routes: APIRouter, edge: Edge) -> None:
    """Everything at once."""

    @routes.get("/summary", summary="All figures of a period 回溯总览")
    async def summary(caller: ManyEntities, period: Annotated[Period, Query()]) -> Summary:
        found = await _summary(edge, _scope(caller, period))
        audit_read(caller, "review_summary")
        return found

    @routes.get(
        "/summary.xlsx",
        summary="All figures of a period, as a workbook 回溯总览导出",
        responses=XLSX_ANSWER,
        response_class=Response,
    )
    async def summary_workbook(caller: ManyEntities, period: Annotated[Period, Query()]) -> Response:
        found = await _summary(edge, _scope(caller, period))
        audit_read(caller, "review_summary")
        return await workbook(found)


def _single(routes: APIRouter, edge: Edge) -> None:
    """What takes two periods, or the control group alone."""

    @routes.get("/calibration", summary="Rate by score, against the year before 得分校准")
    async def calibration(caller: ManyEntities, period: Annotated[Period, Query()]) -> Calibration:
        """Without a first day there is nothing before it, and no rate is expected."""
        scope = _scope(caller, period)
        found = await edge.reviews.evidence(scope), await edge.reviews.evidence(_year_before(scope))
        audit_read(caller, "review_calibration")
        return await asyncio.to_thread(calibration_of, found[0].drawn, found[1].drawn)

    @routes.get("/fairness", summary="Kinds of entities side by side 分类公平性")
    async def fairness(caller: ManyEntities, period: Annotated[Period, Query()]) -> Fairness:
        evidence = await edge.reviews.evidence(_scope(caller, period))
        found = await asyncio.to_thread(fairness_of, evidence.drawn)
        audit_read(caller, "review_fairness")
        return Fairness(rows=list(found))


def _weighed(routes: APIRouter, edge: Edge) -> None:
    """What takes the population too."""

    @routes.get("/capacity", summary="Visits saved in A, and problems missed there 检查资源")
    async def capacity(caller: ManyEntities, period: Annotated[Period, Query()]) -> Capacity:
        if period.sector or period.model:
            raise Invalid(errors=[FieldError("query", "limits what is counted", "no sector and no model")])
        scope = _scope(caller, period)
        evidence, population = await edge.reviews.evidence(scope), await _population(edge, scope)
        audit_read(caller, "review_capacity")
        return await asyncio.to_thread(capacity_of, evidence.drawn, population)


def _moving(routes: APIRouter, edge: Edge) -> None:
    """What moved between two days."""

    @routes.get("/migration", summary="Classes at two moments 类别迁移")
    async def migration(caller: ManyEntities, moments: Annotated[Moments, Query()]) -> Migration:
        area = _days_and_area(caller, moments)
        moves = await edge.reviews.moves(moments.before, moments.after, area)
        scores = (
            await edge.reviews.scores_on(moments.before, area),
            await edge.reviews.scores_on(moments.after, area),
        )
        audit_read(caller, "review_migration")
        return migration_of((moments.before, moments.after), moves, scores)

    @routes.get("/stability", summary="Who leaves D within a month 分类稳定性")
    async def stability(caller: ManyEntities, moments: Annotated[Moments, Query()]) -> Stability:
        """Entries are counted up to a month before today: of later ones the month is not over."""
        area = _days_and_area(caller, moments)
        until = min(moments.after, edge.today() - _A_MONTH)
        entered, left = await edge.reviews.left_d(moments.before, until, area)
        audit_read(caller, "review_stability")
        return Stability(moments.before, until, entered, share_of(left, entered))


async def _summary(edge: Edge, scope: ReviewScope) -> Summary:
    whole = scope.sector is None and scope.model_id is None
    context = Context(
        await edge.reviews.evidence(_year_before(scope)), await _population(edge, scope) if whole else None
    )
    return await asyncio.to_thread(summary_of, await edge.reviews.evidence(scope), context)


async def _population(edge: Edge, scope: ReviewScope) -> Mapping[str, int]:
    """Entities by class as it stands."""
    entities = Counter[str]()
    for each in await edge.classes.counts("none", scope.area_code):
        entities[each.risk_class] += each.entities
    return entities


def _year_before(scope: ReviewScope) -> ReviewScope:
    """The year that ends before the scope's first day; nothing when it has none."""
    until = scope.since - timedelta(days=1) if scope.since and scope.since > date(1951, 1, 1) else _NEVER
    return replace(scope, since=until - YEAR, until=until)


def _scope(caller: Caller, period: Period) -> ReviewScope:
    if period.since and period.until and period.until < period.since:
        wrong = FieldError("query.until", "is before since", "a day from since on", Fault.CONTRADICTORY)
        raise Invalid(errors=[wrong])
    return ReviewScope(
        area_code=_area(caller, period.area),
        since=period.since,
        until=period.until,
        sector=period.sector.value if period.sector else None,
        model_id=period.model,
    )


def _days_and_area(caller: Caller, moments: Moments) -> str | None:
    if moments.after < moments.before:
        wrong = FieldError("query.to", "is before from", "a day from from on", Fault.CONTRADICTORY)
        raise Invalid(errors=[wrong])
    return _area(caller, moments.area)


def _area(caller: Caller, asked: str | None) -> str | None:
    """The area to count in.

    Raises:
        NotFound: It is not the caller's.
    """
    own = caller.area_filter()
    if asked is not None:
        require_area(caller, asked, what="area")
    return asked or own
