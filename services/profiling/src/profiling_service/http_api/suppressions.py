"""Suppressions (预警抑制): what is known already is not told again for a time."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from httpapi import AreaRule, Caller, Page, PageRequest, Role, allow, require_area
from httpapi.field_errors import Fault, FieldError
from httpapi.idempotency import OncePerKey
from httpapi.problems import Invalid, NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response
from vocabulary.areas import CITY, areas

from profiling_service.errors import SuppressedInThePast, UnknownSuppression
from profiling_service.http_api.edge import Edge, EdgeUnitOfWork, Lister, area_asked
from profiling_service.http_api.signal_views import SuppressionView, suppression_view
from profiling_service.http_api.signals import Clearer, Reason, SignalId, own_signal
from profiling_service.ports.signals import SuppressionOrder
from profiling_service.rules.windows import as_date
from profiling_service.use_cases.signals import end_suppression, suppress

Suppressor = Annotated[
    Caller,
    allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.ENTITY, purpose="suppress signals"),
]
SuppressionId = Annotated[int, Path(ge=1, lt=2**63)]


class SuppressOrder(BaseModel):
    """Until when, and why, this signal's family is not to be told of its entity."""

    until: date = Field(lt=date(2200, 1, 1), description="the last day")
    reason: Reason


class ScopedOrder(SuppressOrder):
    """The same of an area, or of an entity: one of the two."""

    family: str = Field(pattern=r"^[a-z_]{1,40}$")
    area: str | None = Field(None, max_length=12)
    uscc: str | None = Field(None, pattern=r"^[0-9A-Z]{18}$")


class SuppressionMade(BaseModel):
    """The suppression is in force from the next facts on."""

    suppression_id: int
    family: str
    area: str | None
    uscc: str | None
    until: date
    reason: str
    made_by: str


def router(edge: Edge) -> APIRouter:
    """Routes about suppressions."""
    routes = APIRouter(prefix="/v1", tags=["signals"])
    _making(routes, edge)
    _listing_and_ending(routes, edge)
    return routes


def _making(routes: APIRouter, edge: Edge) -> None:
    @routes.post(
        "/signals/{signal_id}/suppress",
        summary="Suppress a signal 屏蔽该主体此类预警",
        status_code=201,
        response_model=SuppressionMade,
    )
    async def suppress_signal(
        caller: Clearer, signal_id: SignalId, order: SuppressOrder, once: OncePerKey
    ) -> Response:
        found = await own_signal(edge, caller, signal_id)
        scope = SuppressionOrder(found.family, "", found.uscc, order.until, order.reason)
        return await _made(edge, scope, caller.subject, once)

    @routes.post(
        "/suppressions",
        summary="Suppress a family of signals 屏蔽一类预警",
        status_code=201,
        response_model=SuppressionMade,
    )
    async def suppress_family(caller: Suppressor, order: ScopedOrder, once: OncePerKey) -> Response:
        _require_scope(edge, order)
        area = await edge.reads.area_of(order.uscc) if order.uscc else order.area
        require_area(caller, area)
        scope = SuppressionOrder(order.family, order.area or "", order.uscc or "", order.until, order.reason)
        return await _made(edge, scope, caller.subject, once)


def _listing_and_ending(routes: APIRouter, edge: Edge) -> None:
    @routes.get("/suppressions", summary="Suppressions of warnings 预警屏蔽清单")
    async def list_suppressions(
        caller: Lister,
        page: PageRequest,
        area: Annotated[str | None, Query(max_length=12)] = None,
        in_force: Annotated[bool | None, Query()] = None,
    ) -> Page[SuppressionView]:
        after = page.after(int) or (0,)
        rows = await edge.signals.suppressions(
            area_asked(caller, area), int(after[0]), page.limit + 1, in_force=in_force
        )
        return page.page(rows, key=lambda row: (row.suppression_id,), item=suppression_view)

    @routes.delete("/suppressions/{suppression_id}", status_code=204, summary="End a suppression 解除屏蔽")
    async def end(caller: Suppressor, suppression_id: SuppressionId) -> Response:
        found = await edge.signals.suppression(suppression_id)
        require_area(caller, found.entity_area or None if found else None, what="suppression")
        try:
            async with edge.transactions() as transaction:
                await end_suppression(suppression_id, caller.subject, transaction)
        except UnknownSuppression as error:
            raise NotFound("There is no such suppression, or it was ended before.") from error
        return Response(status_code=204)


async def _made(edge: Edge, scope: SuppressionOrder, by: str, once: OncePerKey) -> Response:
    async with edge.transactions() as transaction:

        async def work() -> SuppressionMade:
            return SuppressionMade(
                suppression_id=await _suppressed(scope, by, transaction),
                family=scope.family,
                area=scope.area_code or None,
                uscc=scope.uscc or None,
                until=scope.until,
                reason=scope.reason,
                made_by=by,
            )

        return await once.answer(transaction.idempotency, 201, work)


async def _suppressed(scope: SuppressionOrder, by: str, transaction: EdgeUnitOfWork) -> int:
    try:
        return await suppress(scope, by, transaction)
    except SuppressedInThePast as error:
        first = as_date(error.business_day).isoformat()
        wrong = FieldError(
            "body.until", "is before the business day", f"{first} or later", Fault.TOO_EARLY, first
        )
        raise Invalid(errors=[wrong]) from error


def _require_scope(edge: Edge, order: ScopedOrder) -> None:
    """The family is known, and one of area and entity is named."""
    errors = []
    if order.family not in {family.code for family in edge.book.families}:
        expected = "see /v1/signals/families"
        errors.append(FieldError("body.family", "is not a family of signals", expected, Fault.UNKNOWN))
    if (order.area is None) == (order.uscc is None):
        expected = "area or uscc, one of them"
        errors.append(FieldError("body.area", "names no scope, or two", expected, Fault.CONTRADICTORY))
    elif order.area is not None and order.area not in {CITY, *areas()}:
        expected = "a code of the areas, or of the city"
        errors.append(FieldError("body.area", "is not an area", expected, Fault.UNKNOWN))
    if errors:
        raise Invalid(errors=errors)
