"""Reading the ledger: one fact, and figures by day."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from httpapi import STAFF, AreaRule, Caller, Role, allow, audit_read, require_area
from httpapi.field_errors import Fault, FieldError
from httpapi.problems import Invalid, NotFound
from pydantic import BaseModel, Field

from ingestion_service.http_api.edge import Edge
from ingestion_service.model.ledger import LedgerFact
from ingestion_service.model.verdict import Standing

_LONGEST_PERIOD_DAYS = 400
Reader = Annotated[Caller, allow(*STAFF, Role.SOURCE_SYSTEM, area=AreaRule.ENTITY, purpose="look a fact up")]
_COUNTER = allow(*STAFF, area=AreaRule.CITY_ONLY, purpose="watch what comes in")
SourceName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
FactId = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class FactOut(BaseModel):
    """A fact as the ledger has it (台账); `contents` is what was published, null while quarantined."""

    source: str
    id: str
    type: str
    verdict: str
    uscc: str
    occurred_at: datetime | None
    recorded_at: datetime
    contents: dict[str, Any] | None
    quarantine_id: int | None = Field(None, description="number in the quarantine, if it was ever there")
    reason: str | None = None
    quarantine_state: str | None = None
    sent_under: str | None = Field(None, description="the old code it came under (换码)")


class FigureOut(BaseModel):
    """How many facts of one source and type were recorded on one day, by verdict."""

    day: date
    source: str
    type: str
    verdict: str
    facts: int


def ledger_router(edge: Edge) -> APIRouter:
    """Routes over the ledger."""
    router = APIRouter(tags=["ledger 台账"])

    @router.get("/v1/facts/{source}/{fact_id:path}", summary="One fact (查询归集信息)")
    async def read_fact(caller: Reader, source: SourceName, fact_id: FactId) -> FactOut:
        """For the source that sent it, and for staff of the whole city."""
        if caller.source != source or not caller.source:
            require_area(caller, None, what="fact")
            audit_read(caller, "fact")
        caller.question.asked = True
        found = await edge.ledger.fact(source, fact_id)
        if found is None:
            raise NotFound("There is no such fact.")
        return _fact_out(source, fact_id, found)

    @router.get("/v1/figures", dependencies=[_COUNTER], summary="Facts by source, type and day (归集统计)")
    async def read_figures(
        first: Annotated[date, Query(description="first day, Asia/Shanghai")],
        last: Annotated[date, Query(description="last day, inclusive")],
    ) -> list[FigureOut]:
        if not 0 <= (last - first).days < _LONGEST_PERIOD_DAYS or first.year < 1970:
            expected = f"a day from first on, within {_LONGEST_PERIOD_DAYS} days"
            raise Invalid(
                errors=[FieldError("query.last", "does not fit first", expected, Fault.CONTRADICTORY)]
            )
        return [
            FigureOut(
                day=figure.day,
                source=figure.source,
                type=figure.fact_type,
                verdict=_verdict(figure.standing),
                facts=figure.facts,
            )
            for figure in await edge.ledger.figures(first, last)
        ]

    return router


def _verdict(standing: Standing) -> str:
    return standing.name.lower()


def _fact_out(source: str, fact_id: str, found: LedgerFact) -> FactOut:
    return FactOut(
        source=source,
        id=fact_id,
        type=found.fact_type,
        verdict=_verdict(found.standing),
        uscc=found.uscc,
        occurred_at=found.occurred_at,
        recorded_at=found.recorded_at,
        contents=found.contents,
        quarantine_id=found.quarantine_id,
        reason=found.reason,
        quarantine_state=found.state,
        sent_under=found.sent_under,
    )
