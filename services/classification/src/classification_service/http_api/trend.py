"""How class mixes went, month by month or day by day (分类走势)."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query
from httpapi.access import AreaAsked, area_asked, audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.problems import Invalid
from pydantic import BaseModel, Field
from vocabulary.industries import Sector

from classification_service.http_api.edge import Edge, ManyEntities
from classification_service.model.mix import MixOfDay, MixQuestion


class Step(StrEnum):
    """How far one point is from the next."""

    MONTH = "month"
    DAY = "day"


_USUAL = {Step.MONTH: timedelta(days=730), Step.DAY: timedelta(days=90)}
_MOST = {Step.MONTH: timedelta(days=3660), Step.DAY: timedelta(days=366)}


class Period(BaseModel):
    """Which points, and whose."""

    by: Step = Step.MONTH
    since: date | None = Field(None, description="first day; two years, or 90 days, before the last 起始日")
    until: date | None = Field(None, description="last day; today when left out 截止日")
    sector: Sector | None = Field(None, description="its members only, by their class in it 行业")


class MixPoint(BaseModel):
    """A class mix as the last look at that day saw it; today's as it is now."""

    day: date
    entities: int
    counts: dict[str, int] = Field(description="entities by class")
    shares: dict[str, float] = Field(description="shares by class, 0 to 1")


class ClassTrend(BaseModel):
    """Points in order of day, those only of which something is known; of a month its last day known."""

    by: Step
    area: str | None
    sector: Sector | None
    points: list[MixPoint]


def router(edge: Edge) -> APIRouter:
    """The route of the trend."""
    routes = APIRouter(prefix="/v1/statistics", tags=["statistics 统计"])

    @routes.get("/classes/trend", summary="Class mix over time 分类走势")
    async def class_trend(
        caller: ManyEntities, period: Annotated[Period, Query()], area: AreaAsked = None
    ) -> ClassTrend:
        """Without entities cancelled or revoked at the time; those of days before somebody looked come from runs."""
        asked = _question(period, area_asked(caller, area), edge.today())
        rows = await edge.mixes.trend(asked, edge.today())
        audit_read(caller, "class_trend")
        points = [_point(day, list(some)) for day, some in groupby(rows, key=lambda row: row.day)]
        return ClassTrend(by=period.by, area=asked.area_code, sector=period.sector, points=points)

    return routes


def _question(period: Period, area_code: str | None, today: date) -> MixQuestion:
    until = period.until or today
    since = period.since or max(until, date(1980, 1, 1)) - _USUAL[period.by]
    if not timedelta() <= until - since <= _MOST[period.by]:
        expected = f"a day up to `until`, and at most {_MOST[period.by].days} days before it"
        wrong = FieldError("query.since", "does not go with `until`", expected, Fault.CONTRADICTORY)
        raise Invalid(errors=[wrong])
    return MixQuestion(since, until, period.by is Step.MONTH, area_code, period.sector or "")


def _point(day: date, rows: Sequence[MixOfDay]) -> MixPoint:
    counts = dict.fromkeys("ABCD", 0) | {row.risk_class: row.entities for row in rows}
    total = sum(counts.values())
    shares = {letter: round(count / total, 4) for letter, count in counts.items()}
    return MixPoint(day=day, entities=total, counts=counts, shares=shares)
