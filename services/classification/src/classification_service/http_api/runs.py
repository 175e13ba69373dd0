"""The monthly run, with its explicit day."""

from datetime import date, datetime
from typing import Self

from fastapi import APIRouter
from httpapi.access import audit_read
from httpapi.field_errors import FieldError
from httpapi.problems import Invalid
from pydantic import BaseModel, Field

from classification_service.errors import DayNotFree
from classification_service.http_api.city import CityEdge, Manager
from classification_service.model.city import MonthlyRun


class RunOrder(BaseModel):
    """The business day to judge the city for."""

    business_day: date = Field(ge=date(1970, 1, 1), lt=date(2200, 1, 1))


class RunState(BaseModel):
    """A monthly run (月度全量分类) and what it did."""

    business_day: date
    begun_at: datetime
    ended_at: datetime | None
    is_complete: bool = Field(description="false while it is at work, or was cut short: ask for it again")
    snapshot_id: int
    stretches_left: int = Field(description="stretches of the city still to do")
    entities: int = Field(description="entities judged")
    moved: int = Field(description="of these, those whose state is otherwise than before")
    decided: int = Field(description="of these, those with a new decision")
    announced: int = Field(description="of these, those whose class, flags or override changed")
    counts: dict[str, int] = Field(description="entities by class")

    @classmethod
    def of(cls, run: MonthlyRun) -> Self:
        """The run as it is shown."""
        own = {name: getattr(run.tally, name) for name in ("entities", "moved", "decided", "announced")}
        return cls(
            business_day=run.business_day,
            begun_at=run.begun_at,
            ended_at=run.ended_at,
            is_complete=run.ended_at is not None,
            snapshot_id=run.snapshot_id,
            stretches_left=run.left,
            counts=dict(zip("ABCD", run.tally.counts, strict=True)),
            **own,
        )


class RunList(BaseModel):
    """Runs, newest first."""

    items: list[RunState]


def router(edge: CityEdge) -> APIRouter:
    """Routes about monthly runs."""
    routes = APIRouter(prefix="/v1/runs/monthly", tags=["runs 月度"])

    @routes.post("", summary="Judge the city for a day; goes on where it was cut short 月度全量分类")
    async def run_month(caller: Manager, order: RunOrder) -> RunState:
        audit_read(caller, f"monthly run {order.business_day}")
        try:
            return RunState.of(await edge.run(order.business_day))
        except DayNotFree as error:
            field = FieldError(f"body.{error.name}", error.reason, f"from {error.earliest} on")
            raise Invalid(errors=[field]) from error

    @routes.get("", summary="Monthly runs, newest first 历次月度分类")
    async def list_runs(caller: Manager) -> RunList:
        audit_read(caller, "monthly runs")
        return RunList(items=[RunState.of(run) for run in await edge.runs.runs()])

    return routes
