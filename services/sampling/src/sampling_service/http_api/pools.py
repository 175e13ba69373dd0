"""Plans, items and pools."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from httpapi import STAFF, AreaAsked, AreaRule, Caller, Page, PageRequest, allow, area_asked, audit_read
from httpapi.problems import NotFound
from pydantic import BaseModel, ConfigDict, Field
from vocabulary.result_codes import results

from sampling_service.http_api.edge import Edge

AnyStaff = Annotated[Caller, allow(*STAFF, area=AreaRule.NOT_APPLICABLE, purpose="read plans")]
AreaStaff = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="plan supervision")]


class ItemOut(BaseModel):
    """An inspection item (抽查事项)."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    zh: str
    en: str
    kind: str = Field(description="key 重点检查事项 or general 一般检查事项")
    on_site: bool
    specialty: str
    valid_from: date
    valid_until: date | None
    source: str
    confidence: str


class ResultCodeOut(BaseModel):
    """A national result of a visit (抽查检查结果)."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    zh: str
    en: str
    is_problem: bool
    exclusive: bool = Field(description="stands alone, beside no other")


class PlanOut(BaseModel):
    """A year's plan (抽查工作计划), as the pack states it with its citations."""

    id: str
    year: int
    zh: str
    en: str
    sha256: str = Field(description="digest that every draw's commitment names")
    pack: dict[str, Any]


class PoolCountOut(BaseModel):
    """Members of the object pool (检查对象库) of one area and class. Internal: class never leaves."""

    model_config = ConfigDict(from_attributes=True)

    area_code: str
    risk_class: str = Field(description="A to D; empty: not classified yet")
    members: int
    key_supervision: int


class KeyMemberOut(BaseModel):
    """An entity under key supervision (重点监管对象). Internal: class never leaves."""

    model_config = ConfigDict(from_attributes=True)

    uscc: str
    name: str
    area_code: str
    industry: str
    risk_class: str
    reason: str
    since: date


def router(edge: Edge) -> APIRouter:
    """Routes that read plans and pools."""
    routes = APIRouter(tags=["pools"])
    _plan_routes(routes, edge)

    @routes.get("/v1/pools", summary="Pools by class 分类抽查对象库")
    async def pools(caller: AreaStaff, area: AreaAsked = None) -> list[PoolCountOut]:
        """Members by area and class (分类分布)."""
        audit_read(caller, "class_counts")
        rows = await edge.reads.pools(area_asked(caller, area))
        return [PoolCountOut.model_validate(row) for row in rows]

    @routes.get("/v1/key-pool", summary="The key-supervision pool 重点监管库")
    async def key_pool(caller: AreaStaff, page: PageRequest, area: AreaAsked = None) -> Page[KeyMemberOut]:
        """The key-supervision pool (重点监管对象库) with the reason of each."""
        audit_read(caller, "key_pool")
        (after,) = page.after(str) or ("",)
        rows = await edge.reads.key_pool(area_asked(caller, area), str(after), page.limit + 1)
        return page.page(rows, key=lambda row: (row.uscc,), item=KeyMemberOut.model_validate)

    return routes


def _plan_routes(routes: APIRouter, edge: Edge) -> None:
    @routes.get("/v1/items", summary="Inspection items 检查事项")
    async def items(caller: AnyStaff) -> list[ItemOut]:  # noqa: ARG001 - declares who may call
        """Inspection items (随机抽查事项清单)."""
        return [ItemOut.model_validate(item) for item in edge.packs.items.values()]

    @routes.get("/v1/result-codes", summary="Result codes 检查结果代码")
    async def result_codes(caller: AnyStaff) -> list[ResultCodeOut]:  # noqa: ARG001 - declares who may call
        """What a visit can find (抽查检查结果)."""
        return [ResultCodeOut.model_validate(row) for row in results().values()]

    @routes.get("/v1/plans", summary="Yearly plans 抽查计划")
    async def plans(caller: AnyStaff) -> list[PlanOut]:  # noqa: ARG001 - declares who may call
        """Plans (抽查工作计划)."""
        return [_plan_out(edge, plan_id) for plan_id in edge.packs.plans]

    @routes.get("/v1/plans/{plan_id}", summary="One plan 抽查计划详情")
    async def plan(caller: AnyStaff, plan_id: str) -> PlanOut:  # noqa: ARG001 - declares who may call
        """One plan."""
        if plan_id not in edge.packs.plans:
            raise NotFound("There is no such plan.")
        return _plan_out(edge, plan_id)


def _plan_out(edge: Edge, plan_id: str) -> PlanOut:
    plan = edge.packs.plans[plan_id]
    pack = dict(plan.document)
    return PlanOut(id=plan.id, year=plan.year, zh=plan.zh, en=plan.en, sha256=plan.sha256, pack=pack)
