"""The classes of many entities, without their reasons."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from httpapi.access import area_asked, audit_read
from httpapi.pages import Page, PageRequest
from pydantic import BaseModel, Field

from classification_service.http_api.edge import Edge, ManyEntities, flag_names
from classification_service.model.explanation import CurrentState


class ClassRow(BaseModel):
    """An entity's class as it stands (当前分类)."""

    uscc: str
    risk_class: str = Field(description="A, B, C or D 信用风险类别")
    score: float = Field(description="0 to 1000, higher is riskier")
    override_code: str
    flags: list[str]
    profile_version: int
    decision_number: int
    area_code: str
    industry: str
    entity_type: str
    status: str = Field(description="state of registration 登记状态")
    business_day: date
    recorded_at: datetime
    model: str = Field(description="model that gave the score 模型版本")

    @classmethod
    def of(cls, state: CurrentState) -> Self:
        """The row as it is listed."""
        own = {name: getattr(state, name) for name in _OWN}
        return cls(**own, flags=flag_names(state.flags), model=state.model_id)


_OWN = ClassRow.model_fields.keys() - {"flags", "model"}


class Lookup(BaseModel):
    """The entities asked for."""

    usccs: list[Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")]] = Field(min_length=1, max_length=1000)


class Found(BaseModel):
    """Those of the entities asked for that are known and within the caller's area."""

    items: list[ClassRow]


def router(edge: Edge) -> APIRouter:
    """Routes about many entities."""
    routes = APIRouter(prefix="/v1/classes", tags=["classes 分类"])

    @routes.get("", summary="All classes, by code 全部分类")
    async def list_classes(
        caller: ManyEntities,
        page: PageRequest,
        area: Annotated[str | None, Query(max_length=12)] = None,
        risk_class: Annotated[Literal["A", "B", "C", "D"] | None, Query()] = None,
        status: Annotated[
            str | None, Query(max_length=20, description="state of registration 登记状态")
        ] = None,
    ) -> Page[ClassRow]:
        after = str((page.after(str) or ("",))[0])
        within = area_asked(caller, area)
        rows = await edge.classes.states(after, page.limit + 1, within, risk_class=risk_class, status=status)
        audit_read(caller, "classes")
        return page.page(rows, key=lambda row: (row.uscc,), item=ClassRow.of)

    @routes.post("/lookup", summary="The classes of up to 1000 entities 批量查询类别")
    async def look_up(caller: ManyEntities, lookup: Lookup) -> Found:
        rows = await edge.classes.lookup(lookup.usccs, caller.area_filter())
        audit_read(caller, f"classes of {len(lookup.usccs)} entities")
        return Found(items=[ClassRow.of(row) for row in rows])

    return routes
