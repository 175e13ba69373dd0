"""The monthly run, with its explicit day."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path, Response
from httpapi.access import audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.problems import Invalid, NotFound
from pydantic import BaseModel, Field

from classification_service.errors import DayNotFree
from classification_service.http_api.city import CityEdge, Manager
from classification_service.model.city import MonthlyRun

RunId = Annotated[int, Path(ge=1, lt=2**63, description="number of the run")]


class RunOrder(BaseModel):
    """The business day to judge the city for."""

    business_day: date = Field(ge=date(1970, 1, 1), lt=date(2200, 1, 1))


class RunState(BaseModel):
    """A monthly run (月度全量分类) and what it did."""

    id: int
    business_day: date
    begun_at: datetime
    ended_at: datetime | None
    is_complete: bool = Field(description="false while it is at work")
    snapshot_id: int
    judged_by: str = Field(
        description="set of models, the same for all of it, whatever is promoted meanwhile"
    )
    stretches_left: int = Field(description="stretches of the city still to do")
    entities: int = Field(description="entities in the snapshot")
    left: int = Field(
        description="of these, those left as they were: judged for a later day, gone, or without values that are kept"
    )
    moved: int = Field(description="of these, those whose state is otherwise than before")
    decided: int = Field(description="of these, those with a new decision")
    announced: int = Field(description="of these, those whose class, flags or override changed")
    counts: dict[str, int] = Field(description="entities by class")

    @classmethod
    def of(cls, run: MonthlyRun) -> Self:
        """The run as it is shown."""
        own = {
            name: getattr(run.tally, name) for name in ("entities", "left", "moved", "decided", "announced")
        }
        return cls(
            id=run.id,
            business_day=run.business_day,
            begun_at=run.begun_at,
            ended_at=run.ended_at,
            is_complete=run.ended_at is not None,
            snapshot_id=run.snapshot_id,
            judged_by=run.set_code,
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

    @routes.post("", status_code=202, summary="Begin to judge the city for a day, once 发起月度分类")
    async def run_month(caller: Manager, order: RunOrder, response: Response) -> RunState:
        audit_read(caller, f"monthly run {order.business_day}")
        try:
            begun = await edge.begin(order.business_day)
        except DayNotFree as error:
            field = FieldError(
                f"body.{error.name}",
                error.reason,
                f"from {error.earliest} on",
                Fault.TOO_EARLY,
                error.earliest.isoformat(),
            )
            raise Invalid(errors=[field]) from error
        response.headers["Location"] = f"/v1/runs/monthly/{begun.id}"
        return RunState.of(begun)

    @routes.get("", summary="Monthly runs, newest first 历次月度分类")
    async def list_runs(caller: Manager) -> RunList:
        audit_read(caller, "monthly runs")
        return RunList(items=[RunState.of(run) for run in await edge.runs.runs()])

    @routes.get("/{run_id}", summary="One monthly run, and how far it is 月度分类进度")
    async def read_run(caller: Manager, run_id: RunId) -> RunState:
        found = await edge.runs.one(run_id)
        if found is None:
            raise NotFound("There is no such run.")
        audit_read(caller, f"monthly run {found.business_day}")
        return RunState.of(found)

    return routes
