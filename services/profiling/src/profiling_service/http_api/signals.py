"""One signal (预警): shown with all that belongs to it, and cleared by a person with a reason."""

from typing import Annotated

from fastapi import APIRouter, Path
from httpapi import AreaRule, Caller, Role, allow, audit_read, require_area
from httpapi.idempotency import OncePerKey
from httpapi.problems import Conflict, NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response
from vocabulary.calendar import BUSINESS_ZONE

from profiling_service.errors import SignalNotOpen, Standing
from profiling_service.http_api.edge import Edge, Reader
from profiling_service.http_api.entities import fact_view
from profiling_service.http_api.signal_views import (
    SignalFile,
    SignalView,
    VerdictView,
    signal_view,
    step_view,
    suppression_view,
)
from profiling_service.ports.signals import SignalFilter, SignalRow
from profiling_service.rules.windows import as_date
from profiling_service.use_cases.signals import clear_signal, clear_signals

Clearer = Annotated[
    Caller,
    allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.ENTITY, purpose="settle a signal"),
]
Settler = Annotated[
    Caller,
    allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.FILTER, purpose="settle signals"),
]
ID_PATTERN = r"^[a-z_]+\|[0-9A-Z]{18}\|-?\d{1,18}$"
SignalId = Annotated[str, Path(max_length=120, pattern=ID_PATTERN)]
SignalIds = Annotated[
    list[Annotated[str, Field(max_length=120, pattern=ID_PATTERN)]], Field(min_length=1, max_length=500)
]
Reason = Annotated[str, Field(min_length=3, max_length=1000, pattern=r"^[^\x00]*$")]
OtherEpisodes = 100
"""Most other episodes shown beside one signal."""


class SignalNotFree(Conflict):
    """Raised when a signal is in another person's hands."""

    slug, title = "signal-not-free", "Another person has this signal"


class SignalSettled(Conflict):
    """Raised when a signal was cleared before, its cause is over, or it is suppressed."""

    slug, title = "signal-settled", "This signal is not open"


class ClearOrder(BaseModel):
    """Why a signal is settled."""

    reason: Reason


class ClearManyOrder(ClearOrder):
    """Why these signals are settled."""

    signal_ids: SignalIds


class Cleared(BaseModel):
    """Which were settled; the others are not open, or not the caller's."""

    cleared: list[str]
    not_cleared: list[str]


def router(edge: Edge) -> APIRouter:
    """Routes about signals."""
    routes = APIRouter(prefix="/v1/signals", tags=["signals"])
    names = {family.code: family.zh for family in edge.book.families}

    @routes.get("/{signal_id}", summary="One signal 预警详情")
    async def read_signal(caller: Reader, signal_id: SignalId) -> SignalFile:
        found = await own_signal(edge, caller, signal_id)
        audit_read(caller, "signal", found.uscc)
        return await _file(edge, found)

    @routes.post("/{signal_id}/clear", summary="Settle a signal 预警处置", response_model=SignalView)
    async def clear(caller: Clearer, signal_id: SignalId, order: ClearOrder, once: OncePerKey) -> Response:
        found = await own_signal(edge, caller, signal_id)
        async with edge.transactions() as transaction:

            async def work() -> SignalView:
                try:
                    await clear_signal(signal_id, order.reason, caller.subject, transaction)
                except SignalNotOpen as error:
                    raise not_open(error.standing) from error
                day = as_date(await transaction.business_day())
                settled = {"open": False, "cleared_reason": order.reason, "cleared_by": caller.subject}
                return signal_view(found, names).model_copy(
                    update=settled | {"cleared_on": day, "state": "cleared"}
                )

            return await once.answer(transaction.idempotency, 200, work)

    @routes.post("/clear", summary="Settle many signals 批量处置预警", response_model=Cleared)
    async def clear_many(caller: Settler, order: ClearManyOrder, once: OncePerKey) -> Response:
        async with edge.transactions() as transaction:

            async def work() -> Cleared:
                done = await clear_signals(
                    order.signal_ids, caller.area_filter(), order.reason, caller.subject, transaction
                )
                others = [signal_id for signal_id in order.signal_ids if signal_id not in done]
                return Cleared(cleared=sorted(done), not_cleared=others)

            return await once.answer(transaction.idempotency, 200, work)

    return routes


def not_open(found: Standing) -> Conflict:
    """Why a step cannot be taken with a signal: who was faster, and when."""
    when = "" if found.at is None else f" at {found.at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}"
    if found.is_open:
        return SignalNotFree(
            f"{found.assignee} has this signal: {found.by or 'somebody'} gave or took it{when}."
        )
    if found.cleared_by is None:
        return SignalSettled("This signal was never told: it is suppressed.")
    if found.by is None:
        return SignalSettled(f"What caused this signal was over on {found.cleared_on}.")
    return SignalSettled(f"{found.by} cleared this signal{when}.")


async def own_signal(edge: Edge, caller: Caller, signal_id: str) -> SignalRow:
    """The signal, which must be of the caller's area.

    Raises:
        NotFound: It is not, or there is none.
    """
    found = await edge.signals.signal(signal_id)
    require_area(caller, found.entity_area or None if found else None, what="signal")
    if found is None:
        raise NotFound("There is no such signal.")
    return found


async def _file(edge: Edge, found: SignalRow) -> SignalFile:
    names = {family.code: family.zh for family in edge.book.families}
    same = SignalFilter(uscc=found.uscc, family=found.family)
    others = await edge.signals.signals(same, None, OtherEpisodes)
    suppressions = await edge.signals.suppressions(None, 0, 1000, in_force=None, uscc=found.uscc)
    return SignalFile(
        **signal_view(found, names).model_dump(),
        facts=[fact_view(row) for row in await edge.signals.evidence(found)],
        episodes=[signal_view(row, names) for row in others if row.signal_id != found.signal_id],
        suppressions=[suppression_view(row) for row in suppressions if row.family == found.family],
        verdicts=[
            VerdictView(useful=row.useful, note=row.note, judged_by=row.judged_by, judged_at=row.judged_at)
            for row in await edge.signals.verdicts(found.signal_id)
        ],
        steps=[step_view(row) for row in await edge.signals.steps(found.signal_id)],
    )
