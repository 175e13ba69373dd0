"""The daily run and the figures."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from httpapi.access import AreaAsked, AreaRule, allow, area_asked
from httpapi.idempotency import OncePerKey
from httpapi.identity import STAFF, Caller, Role
from pydantic import BaseModel, Field
from starlette.responses import Response

from notification_service.http_api.edge import Edge, EdgeUnitOfWork
from notification_service.use_cases import platforms as use_cases

_RUNNER = allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="run the day")
StaffList = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="see figures")]


class Day(BaseModel):
    """The business day to run for, Asia/Shanghai."""

    day: date


class DayDone(BaseModel):
    """What the daily run did."""

    day: date
    clues_overdue: Annotated[int, Field(description="clues that became overdue 逾期未反馈")]


class StateCount(BaseModel):
    """How many are in one state."""

    what: Annotated[str, Field(description="notice or clue")]
    group: Annotated[str, Field(description="template of the notices, platform of the clues")]
    state: str
    count: int


def router(edge: Edge) -> APIRouter:
    """Routes to run a day and read the figures."""
    routes = APIRouter(tags=["runs and figures 日终与统计"])
    Tx = Annotated[EdgeUnitOfWork, Depends(edge.transaction, scope="function")]  # noqa: N806 - a type

    @routes.post(
        "/v1/daily-runs", response_model=DayDone, dependencies=[_RUNNER], summary="Run a day 日终处理"
    )
    async def run_day(body: Day, tx: Tx, once: OncePerKey) -> Response:
        async def work() -> DayDone:
            return DayDone(day=body.day, clues_overdue=await use_cases.close_day(body.day, tx))

        return await once.answer(tx.idempotency, 200, work)

    @routes.get("/v1/statistics", summary="Notices and clues by state 文书与线索统计")
    async def read_statistics(caller: StaffList, area: AreaAsked = None) -> list[StateCount]:
        counts = await edge.reader.counts(area_asked(caller, area))
        return [
            StateCount(what=count.what, group=count.group, state=count.state, count=count.count)
            for count in counts
        ]

    return routes
