"""How much waits for people: one figure for each queue (待办)."""

from fastapi import APIRouter
from httpapi.access import AreaAsked, area_asked, audit_read
from pydantic import BaseModel, ConfigDict, Field

from classification_service.http_api.desk import Desk
from classification_service.http_api.edge import ManyEntities


class WorkCounts(BaseModel):
    """What waits; `…_decidable` leaves out the caller's own, which another person decides."""

    model_config = ConfigDict(from_attributes=True)

    objections_open: int = Field(description="待处理异议")
    objections_decidable: int
    objections_due: int = Field(description="of those open, whose term ends today")
    objections_overdue: int = Field(description="whose term is over 逾期未办")
    adjustments_proposed: int = Field(description="待批准人工调整")
    adjustments_decidable: int
    drafts_submitted: int = Field(description="待批准模型草案")
    drafts_decidable: int
    drafts_approved: int = Field(description="to be promoted 待启用")
    rollbacks_proposed: int = Field(description="待批准回退")
    rollbacks_decidable: int
    alarms_open: int = Field(description="proposals to review a model 模型预警")


def router(desk: Desk) -> APIRouter:
    """The route of what waits."""
    routes = APIRouter(prefix="/v1/work", tags=["work 待办"])

    @routes.get("/counts", summary="How much work waits 待办数")
    async def count_work(caller: ManyEntities, area: AreaAsked = None) -> WorkCounts:
        """Objections and adjustments within the caller's area; models are the whole city's."""
        audit_read(caller, "work")
        return WorkCounts.model_validate(
            await desk.people.work(area_asked(caller, area), caller.subject, desk.today())
        )

    return routes
