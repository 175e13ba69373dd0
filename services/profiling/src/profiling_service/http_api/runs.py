"""The daily run, with its explicit day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from httpapi import AreaRule, Caller, Role, allow
from httpapi.field_errors import FieldError
from httpapi.problems import Invalid, Overloaded
from pydantic import BaseModel, Field

from profiling_service.errors import DayGoesBack, StaleCopy
from profiling_service.http_api.edge import Edge, Staff
from profiling_service.ports import RunState
from profiling_service.rules.windows import as_date, as_day

Runner = Annotated[
    Caller, allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="move the business day")
]


class DayOrder(BaseModel):
    """The business day to bring the city to."""

    day: date = Field(ge=date(1970, 1, 1), lt=date(2200, 1, 1))


class DayState(BaseModel):
    """The business day (业务日) up to which indicators hold, and what its run did."""

    day: date
    complete: bool = Field(description="false while a run is at work, or was cut short: ask for it again")
    entities: int = Field(description="entities the run looked at")
    changed: int = Field(description="profiles that changed")


def router(edge: Edge) -> APIRouter:
    """Routes about the business day."""
    routes = APIRouter(prefix="/v1", tags=["runs"])

    @routes.post("/daily-runs", summary="Run a day 日终处理")
    async def run_day(caller: Runner, order: DayOrder) -> DayState:  # noqa: ARG001 - declares who may
        try:
            return _state(await edge.run(as_day(order.day)))
        except DayGoesBack as error:
            expected = f"{as_date(error.business_day).isoformat()} or later"
            raise Invalid(errors=[FieldError("body.day", "is before the business day", expected)]) from error
        except StaleCopy as error:
            raise Overloaded("Facts came between. Ask again: the run goes on where it stopped.") from error

    @routes.get("/business-day", summary="Business day 业务日")
    async def read_day(caller: Staff) -> DayState:  # noqa: ARG001 - declares who may
        return _state(await edge.reads.business_day())

    return routes


def _state(state: RunState) -> DayState:
    return DayState(
        day=as_date(state.business_day),
        complete=state.after_uscc is None,
        entities=state.entities,
        changed=state.changed,
    )
