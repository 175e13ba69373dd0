"""Records for staff: lists, one record, figures."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from httpapi.access import AreaAsked, AreaRule, allow, area_asked, require_area
from httpapi.identity import STAFF, Caller
from httpapi.pages import Page, PageRequest
from httpapi.problems import NotFound
from pydantic import BaseModel, ConfigDict, Field

from repair_service.errors import UnknownRecord
from repair_service.http_api.edge import Edge, after_key, key_of
from repair_service.model import RecordKind, StopReason, Tier
from repair_service.ports import RecordFilter

_LISTER = allow(*STAFF, area=AreaRule.FILTER, purpose="oversee records of dishonesty")
StaffList = Annotated[Caller, _LISTER]
StaffEntity = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="handle one record")]


class Limits(BaseModel):
    """What the list is limited to."""

    uscc: str | None = Field(None, max_length=18, description="one entity 统一社会信用代码")
    kind: RecordKind | None = Field(None, description="kind of record 类型")
    tier: Tier | None = Field(None, description="tier 失信程度")
    state: Literal["open", "stopped"] | None = Field(None, description="open 公示中 or stopped 已停止")
    area: str | None = Field(None, max_length=6, description="supervising area 监管区域")


class RecordOut(BaseModel):
    """A record: a penalty or a listing (失信记录), its publicity, and how that ended."""

    model_config = ConfigDict(from_attributes=True)

    record_id: str = Field(description="source|fact id of the fact it stands for")
    uscc: str = Field(description="unified social credit code 统一社会信用代码")
    name: str = Field(description="name of the entity, empty while unknown 名称")
    area_code: str = Field(description="supervising area, empty while unknown 监管区域")
    kind: RecordKind = Field(
        description="penalty 行政处罚, abnormal 经营异常 or serious listing 严重违法失信"
    )
    tier: Tier = Field(description="how grave the law holds it to be 失信程度")
    state: str = Field(description="open 公示中 or stopped 已停止公示")
    rule: str = Field(description="first day of the rule set, and clause 适用条款")
    citation: str = Field(description="source of the rule 依据")
    conditions: list[str] = Field(description="what repair asks for, as codes 修复条件")
    decided_on: date = Field(description="day of the decision 决定日期")
    published_on: date | None = Field(description="first day of publicity; null: never published 公示日期")
    apply_from: date | None = Field(
        description="repair may be applied for from; null: not early 可申请修复日期"
    )
    stops_on: date | None = Field(description="publicity stops by itself; null: no such day 公示届满日期")
    document_number: str = Field(description="number of the decision document 文号")
    authority: str = Field(description="deciding office 决定机关")
    penalty_kinds: list[str] = Field(description="kinds of penalty 处罚种类")
    fine_fen: int = Field(description="fine in fen 罚款金额（分）")
    confiscated_fen: int = Field(description="confiscation in fen 没收金额（分）")
    violation: str = Field(description="code of the violation 违法行为")
    reason: str = Field(description="reason of a listing 列入事由")
    restriction_until: date | None = Field(description="last day of a restriction 限制期限")
    notice_id: str | None = Field(description="repair notice; null where none was due 信用修复告知书")
    stop_reason: StopReason | None = Field(description="why publicity stopped 停止原因")
    stopped_on: date | None = Field(description="day publicity stopped 停止公示日期")
    stop_citation: str | None = Field(description="source of the stop 停止依据")
    recorded_at: datetime = Field(description="when it became known 归集时间")


class RecordCount(BaseModel):
    """How many records of one kind and tier are in one state."""

    model_config = ConfigDict(from_attributes=True)

    kind: RecordKind
    tier: Tier
    state: str
    stop_reason: StopReason | None = Field(description="null while open")
    records: int


def router(edge: Edge) -> APIRouter:
    """Routes to list records, read one, and read the figures."""
    routes = APIRouter(tags=["records 失信记录"])

    @routes.get("/v1/records", summary="Records 失信记录列表")
    async def list_records(
        caller: StaffList,
        page: PageRequest,
        limited: Annotated[Limits, Query()],
    ) -> Page[RecordOut]:
        reach = caller.area_filter()
        if reach is not None and limited.area not in {None, reach}:
            return Page(items=[])
        wanted = limited.model_dump() | {"area": reach or limited.area}
        rows = await edge.reader.page(RecordFilter(**wanted), after=after_key(page), limit=page.limit + 1)
        return page.page(rows, key=key_of, item=RecordOut.model_validate)

    @routes.get("/v1/records/{record_id:path}", summary="One record 失信记录详情")
    async def read_record(caller: StaffEntity, record_id: str) -> RecordOut:
        try:
            found = await edge.reader.get(record_id)
        except UnknownRecord as error:
            raise NotFound("There is no such record.") from error
        require_area(caller, found.area_code or None, what="record")
        return RecordOut.model_validate(found)

    @routes.get("/v1/statistics", summary="Records by kind, tier and state 失信记录统计")
    async def read_statistics(caller: StaffList, area: AreaAsked = None) -> list[RecordCount]:
        rows = await edge.reader.statistics(area_asked(caller, area))
        return [RecordCount.model_validate(row) for row in rows]

    return routes
