"""Signals (预警): listed by those responsible for the area, and cleared by a person with a reason."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from httpapi import AreaRule, Caller, Page, PageRequest, Role, allow, require_area
from httpapi.idempotency import OncePerKey
from httpapi.problems import Conflict, NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response

from profiling_service.errors import SignalAlreadyCleared
from profiling_service.http_api.edge import Edge, Lister, area_asked
from profiling_service.model.signals import Severity
from profiling_service.ports import SignalFilter, SignalRow
from profiling_service.rules.windows import as_date
from profiling_service.use_cases.signals import clear_signal

Clearer = Annotated[
    Caller,
    allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.ENTITY, purpose="settle a signal"),
]
SignalId = Annotated[str, Path(max_length=120, pattern=r"^[a-z_]+\|[0-9A-Z]{18}\|-?\d{1,18}$")]


class SignalView(BaseModel):
    """A signal and what became of it."""

    signal_id: str
    uscc: str
    family: str
    severity: str
    suggested_step: str
    evidence: list[str] = Field(description="facts that show it, each as source|fact_id")
    area_code: str
    raised_on: date
    due_on: date
    raised_at: datetime
    open: bool
    cleared_on: date | None
    cleared_reason: str | None
    cleared_by: str | None


class ClearOrder(BaseModel):
    """Why a signal is settled."""

    reason: str = Field(min_length=3, max_length=1000, pattern=r"^[^\x00]*$")


def router(edge: Edge) -> APIRouter:
    """Routes about signals."""
    routes = APIRouter(prefix="/v1/signals", tags=["signals"])

    @routes.get("", summary="Signals 预警")
    async def list_signals(  # noqa: PLR0913 - one for each filter
        caller: Lister,
        page: PageRequest,
        *,
        area: Annotated[str | None, Query(max_length=12)] = None,
        family: Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$")] = None,
        uscc: Annotated[str | None, Query(pattern=r"^[0-9A-Z]{18}$")] = None,
        is_open: Annotated[bool | None, Query(alias="open")] = None,
    ) -> Page[SignalView]:
        after = page.after(str) or ("",)
        wanted = SignalFilter(area_asked(caller, area), family, uscc, is_open)
        rows = await edge.reads.signals(wanted, str(after[0]), page.limit + 1)
        return page.page(rows, key=lambda row: (row.signal_id,), item=_view)

    @routes.post("/{signal_id}/clear", summary="Settle a signal 预警处置", response_model=SignalView)
    async def clear(caller: Clearer, signal_id: SignalId, order: ClearOrder, once: OncePerKey) -> Response:
        found = await edge.reads.signal(signal_id)
        require_area(caller, found.entity_area or None if found else None, what="signal")
        if found is None:
            raise NotFound("There is no such signal.")
        async with edge.transactions() as transaction:

            async def work() -> SignalView:
                try:
                    await clear_signal(signal_id, order.reason, caller.subject, transaction)
                except SignalAlreadyCleared as error:
                    raise Conflict("This signal was cleared before.") from error
                day = await transaction.business_day()
                settled = {"open": False, "cleared_reason": order.reason, "cleared_by": caller.subject}
                return _view(found).model_copy(update=settled | {"cleared_on": as_date(day)})

            return await once.answer(transaction.idempotency, 200, work)

    return routes


def _view(row: SignalRow) -> SignalView:
    return SignalView(
        signal_id=row.signal_id,
        uscc=row.uscc,
        family=row.family,
        severity=Severity(row.severity).name.lower(),
        suggested_step=row.suggested_step,
        evidence=list(row.evidence),
        area_code=row.entity_area,
        raised_on=row.raised_on,
        due_on=row.due_on,
        raised_at=row.raised_at,
        open=row.is_open,
        cleared_on=row.cleared_on,
        cleared_reason=row.cleared_reason,
        cleared_by=row.cleared_by,
    )
