"""The daily run, with its explicit day: what is over ends, and its entities are decided anew."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from httpapi.access import AreaRule, allow, audit_read
from httpapi.identity import Caller, Role
from pydantic import BaseModel, Field

from classification_service.http_api.desk import Desk
from classification_service.rules.intervening import require_begun
from classification_service.use_cases.expiry import end_all_that_is_over

Runner = Annotated[Caller, allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="run the day")]


class DayOrder(BaseModel):
    """The business day to run for, Asia/Shanghai."""

    day: date = Field(ge=date(1970, 1, 1), lt=date(2200, 1, 1), description="业务日期")


class DayDone(BaseModel):
    """What the daily run did."""

    day: date
    ended: int = Field(description="interventions ended by this call 本次终止")
    overdue: int = Field(description="open objections whose term is over 逾期异议")


def router(desk: Desk) -> APIRouter:
    """The route that runs a day; sent again it ends only what is over since."""
    routes = APIRouter(prefix="/v1", tags=["runs 日终处理"])

    @routes.post("/daily-runs", summary="Run a day 日终处理")
    async def run_day(caller: Runner, order: DayOrder) -> DayDone:
        await _require_begun(order.day, desk)
        audit_read(caller, f"classes of whom the run of {order.day} decides anew")
        ended = await end_all_that_is_over(order.day, desk.who(caller), desk.open)
        return DayDone(day=order.day, ended=ended, overdue=await desk.people.overdue(order.day))

    return routes


async def _require_begun(day: date, desk: Desk) -> None:
    """Else what is in force would end before its day, and entities be judged for a day that nobody knows yet.

    The city may be ahead of the clock: where it is simulated.
    """
    if day > desk.today():
        async with desk.open() as tx:
            require_begun(day, desk.today(), await tx.drafts.newest_judged())
