"""An enterprise's own records: what stands against it, what to do, and by when."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from httpapi.access import AreaRule, allow
from httpapi.identity import Caller, Role
from httpapi.pages import Page, PageRequest
from pydantic import BaseModel, Field

from repair_service.http_api.edge import Edge, after_key, key_of
from repair_service.model import RecordKind, Ruling, Stop, StopReason, Tier
from repair_service.ports import RecordFilter, RecordRow
from repair_service.rules import Phrases, advice

Owner = Annotated[
    Caller, allow(Role.ENTERPRISE, area=AreaRule.NOT_APPLICABLE, purpose="see one's own records")
]


class OwnRecord(BaseModel):
    """One of the caller's own records (本企业失信记录)."""

    record_id: str
    kind: RecordKind = Field(
        description="penalty 行政处罚, abnormal 经营异常 or serious listing 严重违法失信"
    )
    document_number: str = Field(description="number of the decision document 文号")
    decided_on: date = Field(description="day of the decision 决定日期")
    state: str = Field(description="open 公示中 or stopped 已停止公示")
    published_on: date | None = Field(description="first day of publicity; null: never published 公示日期")
    apply_from: date | None = Field(description="repair may be applied for from 可申请修复日期")
    stops_on: date | None = Field(description="publicity stops by itself 公示届满日期")
    stopped_on: date | None = Field(description="day publicity stopped 停止公示日期")
    citation: str = Field(description="source of the rule 依据")
    what_to_do_zh: str = Field(description="what to do and by when, in Chinese 办理提示")
    what_to_do_en: str = Field(description="what to do and by when, in English")


def router(edge: Edge) -> APIRouter:
    """The route of enterprises; the entity is the one their token names."""
    routes = APIRouter(tags=["own records 本企业记录"])

    @routes.get("/v1/my/records", summary="One's own records 本企业失信记录")
    async def list_own_records(caller: Owner, page: PageRequest) -> Page[OwnRecord]:
        rows = await edge.reader.page(
            RecordFilter(uscc=caller.entity or ""), after=after_key(page), limit=page.limit + 1
        )
        return page.page(rows, key=key_of, item=lambda row: _own(row, edge.phrases))

    return routes


def _own(row: RecordRow, phrases: Phrases) -> OwnRecord:
    told = advice(_ruling(row), _stop(row), phrases)
    return OwnRecord(
        record_id=row.record_id,
        kind=RecordKind(row.kind),
        document_number=row.document_number,
        decided_on=row.decided_on,
        state=row.state,
        published_on=row.published_on,
        apply_from=row.apply_from,
        stops_on=row.stops_on,
        stopped_on=row.stopped_on,
        citation=row.citation,
        what_to_do_zh=told.zh,
        what_to_do_en=told.en,
    )


def _ruling(row: RecordRow) -> Ruling:
    return Ruling(
        tier=Tier(row.tier),
        rule=row.rule,
        citation=row.citation,
        published_on=row.published_on,
        apply_from=row.apply_from,
        stops_on=row.stops_on,
        conditions=tuple(row.conditions),
    )


def _stop(row: RecordRow) -> Stop | None:
    if row.stop_reason is None or row.stopped_on is None:
        return None
    return Stop(
        reason=StopReason(row.stop_reason), on=row.stopped_on, cause="", recorded_at_ms=0, citation=""
    )
