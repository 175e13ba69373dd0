"""Alarms that propose a review of the model."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from httpapi import AreaRule, Caller, Role, allow
from httpapi.access import audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.identity import STAFF
from httpapi.pages import Page, PageRequest
from httpapi.problems import Conflict, Invalid, NotFound
from pydantic import BaseModel, ConfigDict, Field

from classification_service.http_api.edge import Edge
from classification_service.model.alarms import ReviewAlarm
from classification_service.use_cases.review_run import run_review

Keeper = Annotated[
    Caller,
    allow(
        Role.CITY_ADMINISTRATOR, Role.MODEL_MANAGER, area=AreaRule.CITY_ONLY, purpose="watch over the model"
    ),
]
Reader = Annotated[
    Caller, allow(*STAFF, area=AreaRule.CITY_ONLY, purpose="know whether the model is to be reviewed")
]


class RunOrder(BaseModel):
    """The business day to look at (业务日)."""

    model_config = ConfigDict(extra="forbid")

    business_date: date = Field(ge=date(1980, 1, 1), lt=date(2200, 1, 1))


class RunState(BaseModel):
    """What a run left open."""

    business_date: date
    open: list[ReviewAlarm]


class Acknowledgement(BaseModel):
    """What a person makes of an alarm."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(min_length=1, max_length=2000, description="what is done about it 处理意见")


class AlreadyAcknowledged(Conflict):
    """Raised when somebody else was first, or said something else."""

    slug, title = "alarm-acknowledged", "The alarm was acknowledged already"


def router(edge: Edge) -> APIRouter:
    """Routes of alarms; none changes a model."""
    routes = APIRouter(prefix="/v1/reviews", tags=["review 结果回溯"])
    _looking(routes, edge)
    _answering(routes, edge)
    return routes


def _looking(routes: APIRouter, edge: Edge) -> None:

    @routes.post("/runs", summary="Look whether the model should be reviewed 回溯检查")
    async def run(caller: Keeper, order: RunOrder) -> RunState:
        """Safe to repeat; a day before the last one run changes nothing."""
        day = order.business_date
        if day > edge.today():
            last = edge.today().isoformat()
            wrong = FieldError(
                "body.business_date", "is still ahead", "today or earlier", Fault.TOO_LATE, last
            )
            raise Invalid(errors=[wrong])
        opened = await run_review(
            day, edge.reviews, edge.alarms, model_id=await edge.live_model(), now=edge.clock()
        )
        audit_read(caller, "review_run")
        return RunState(business_date=day, open=opened)

    @routes.get("/alarms", summary="Alarms, newest first 模型预警")
    async def list_alarms(caller: Reader, page: PageRequest) -> Page[ReviewAlarm]:
        after = page.after(int)
        found = await edge.alarms.listed(int(after[0]) if after else None, page.limit + 1)
        audit_read(caller, "review_alarms")
        return page.page(found, key=lambda alarm: (alarm.id,), item=lambda alarm: alarm)


def _answering(routes: APIRouter, edge: Edge) -> None:
    @routes.post("/alarms/{alarm_id}/acknowledge", summary="Say what is done about an alarm 确认模型预警")
    async def acknowledge(
        caller: Keeper, alarm_id: Annotated[int, Path(ge=1, lt=2**63)], body: Acknowledgement
    ) -> ReviewAlarm:
        """Safe to repeat with the same note; the first person's note stays."""
        alarm = await edge.alarms.acknowledge(alarm_id, body.note, by=caller.subject, now=edge.clock())
        if alarm is None:
            raise NotFound("There is no such alarm.")
        if (alarm.acknowledged_by, alarm.note) != (caller.subject, body.note):
            raise AlreadyAcknowledged(f"{alarm.acknowledged_by} was first.")
        return alarm
