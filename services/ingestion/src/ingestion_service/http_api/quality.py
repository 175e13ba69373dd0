"""Figures of data quality by source and day (数据质量), as JSON and as a sheet."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Annotated

from fastapi import APIRouter, Query
from httpapi import STAFF, AreaRule, Role, allow
from httpapi.field_errors import Fault, FieldError
from httpapi.problems import Invalid
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from ingestion_service.http_api.workbooks import XLSX_ANSWER, workbook
from ingestion_service.model.quality import Contradiction, Quality
from ingestion_service.ports.sources import QualityFigures

_SHANGHAI = timezone(timedelta(hours=8))
_LONGEST_READ_DAYS, _LONGEST_COMPUTED_DAYS = 400, 31
_READER = allow(*STAFF, area=AreaRule.CITY_ONLY, purpose="data quality")
_KEEPER = allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="data quality")
First = Annotated[date, Query(description="first day, Asia/Shanghai")]
Last = Annotated[date, Query(description="last day, inclusive")]
OfSource = Annotated[str | None, Query(max_length=64, pattern=r"^[^\x00]*$")]
_SHARES = ("completeness", "validity", "timeliness", "uniqueness", "consistency")
_COUNTS = ("new", "duplicates", "accepted", "usable", "dated", "timely", "lag_median_s", "lag_p95_s")


class FiguresOut(BaseModel):
    """Figures of quality; a share of null has nothing to be a share of."""

    received: int = Field(description="all that came: new facts and duplicates")
    new: int
    duplicates: int
    accepted: int = Field(description="new facts accepted as they came")
    usable: int = Field(description="new facts that stand as accepted now")
    dated: int
    timely: int
    lag_median_s: int | None
    lag_p95_s: int | None
    examined: int = Field(description="facts whose optional members were counted")
    completeness: float | None = Field(description="完整性")
    validity: float | None = Field(description="有效性")
    timeliness: float | None = Field(description="及时性")
    uniqueness: float | None = Field(description="唯一性")
    consistency: float | None = Field(description="一致性")
    contradictions: Mapping[str, int]


class TypeOut(FiguresOut):
    """Figures of one type of fact."""

    type: str


class DayOut(FiguresOut):
    """Figures of one source and day, and of each of its types."""

    day: date
    source: str
    types: list[TypeOut]


class ComputeIn(BaseModel):
    """Days to compute anew."""

    model_config = ConfigDict(extra="forbid")

    first: date
    last: date


class ComputedOut(BaseModel):
    """How many days were computed."""

    days: int


def quality_router(quality: QualityFigures, now: Callable[[], datetime]) -> APIRouter:
    """Routes of the figures."""
    router = APIRouter(prefix="/v1", tags=["quality 数据质量"])

    @router.get("/quality", dependencies=[_READER], summary="Quality of data by source and day (质量指标)")
    async def read_quality(first: First, last: Last, source: OfSource = None) -> list[DayOut]:
        _require_span("query.last", first, last, _LONGEST_READ_DAYS)
        return _by_day(await quality.read(first, last, source))

    @router.get(
        "/quality.xlsx",
        dependencies=[_READER],
        summary="Quality of data as a sheet (质量指标导出)",
        responses=XLSX_ANSWER,
        response_class=Response,
    )
    async def export_quality(first: First, last: Last, source: OfSource = None) -> Response:
        _require_span("query.last", first, last, _LONGEST_READ_DAYS)
        rows = await quality.read(first, last, source)
        header = ["day", "source", "type", *_SHARES, *_COUNTS, *Contradiction]
        return await workbook("quality", header, [_cells(row) for row in rows])

    @router.post(
        "/quality/compute",
        dependencies=[_KEEPER],
        summary="Compute the quality of days anew (重新计算质量指标)",
    )
    async def compute_quality(order: ComputeIn) -> ComputedOut:
        """Safe to repeat: the figures of a day are replaced. Yesterday's are computed by themselves."""
        _require_span("body.last", order.first, order.last, _LONGEST_COMPUTED_DAYS)
        _require_over("body.last", order.last, now())
        days = (order.last - order.first).days + 1
        for offset in range(days):
            await quality.compute(order.first + timedelta(days=offset), now())
        return ComputedOut(days=days)

    return router


def _require_span(field: str, first: date, last: date, longest: int) -> None:
    if not 0 <= (last - first).days < longest or first.year < 1970 or last.year > 9000:
        expected = f"a day from first on, within {longest} days"
        raise Invalid(errors=[FieldError(field, "does not fit first", expected, Fault.CONTRADICTORY)])


def _require_over(field: str, last: date, now: datetime) -> None:
    """Figures of a day that goes on would be taken for those of the whole day."""
    today = now.astimezone(_SHANGHAI).date()
    if last >= today:
        latest = (today - timedelta(days=1)).isoformat()
        expected = f"a day before {today}, Asia/Shanghai"
        raise Invalid(errors=[FieldError(field, "is not over", expected, Fault.TOO_LATE, latest)])


def _by_day(rows: Sequence[Quality]) -> list[DayOut]:
    types: dict[tuple[date, str], list[TypeOut]] = {}
    for row in rows:
        if row.fact_type is not None:
            figures = TypeOut(type=row.fact_type, **_figures(row).model_dump())
            types.setdefault((row.day, row.source), []).append(figures)
    return [
        DayOut(
            day=row.day,
            source=row.source,
            types=types.get((row.day, row.source), []),
            **_figures(row).model_dump(),
        )
        for row in rows
        if row.fact_type is None
    ]


def _figures(row: Quality) -> FiguresOut:
    values = {name: getattr(row, name) for name in (*_COUNTS, *_SHARES)}
    return FiguresOut(
        received=row.new + row.duplicates,
        examined=row.examined,
        contradictions=row.contradictions,
        **values,
    )


def _cells(row: Quality) -> list[str | int | float | None]:
    named = [getattr(row, name) for name in (*_SHARES, *_COUNTS)]
    found = [row.contradictions.get(kind, 0) for kind in Contradiction]
    return [row.day.isoformat(), row.source, row.fact_type or "", *named, *found]
