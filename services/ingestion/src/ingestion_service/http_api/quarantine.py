"""The quarantine's work list: read, release, discard (隔离区处理)."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path
from httpapi import AreaRule, Caller, Page, PageRequest, Role, allow, audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.idempotency import OncePerKey
from httpapi.problems import Conflict, Invalid, NotFound
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from ingestion_service.errors import NotOpen, UnknownQuarantined
from ingestion_service.http_api.edge import Edge, EdgeUnitOfWork
from ingestion_service.http_api.filters import Wanted
from ingestion_service.model.quarantined import Correction, Head, Quarantined, State
from ingestion_service.model.verdict import Outcome, Verdict
from ingestion_service.rules.judging import RELEASABLE_CODES, Bench
from ingestion_service.rules.reading import EXPECTED
from ingestion_service.use_cases.settle import ReleaseOrder, discard, release

LISTER = allow(
    Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, Role.AUDITOR, area=AreaRule.CITY_ONLY, purpose="data quality"
)
Reader = Annotated[Caller, LISTER]
Settler = Annotated[
    Caller, allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.CITY_ONLY, purpose="data quality")
]
Number = Annotated[int, Path(ge=1, lt=2**63)]


class QuarantinedOut(BaseModel):
    """One quarantined fact; `original` only when it is read alone."""

    id: int
    source: str
    fact_id: str
    type: str
    subject: str = Field(description="the code as it can be compared; `original` has it as sent")
    reason: str
    state: State
    received_at: datetime
    settled_by: str | None
    settled_at: datetime | None
    note: str | None
    original: str | None = Field(None, description="the CloudEvent as it came")


class HeapOut(BaseModel):
    """How many quarantined facts of one source have one reason."""

    source: str
    reason: str
    facts: int


class Release(BaseModel):
    """What to put right; without anything the fact is released as it came, which only pilot codes can be."""

    model_config = ConfigDict(extra="forbid")

    subject: str | None = Field(None, max_length=200, description="the right USCC (统一社会信用代码)")
    time: str | None = Field(None, max_length=64, description="the right instant, RFC 3339")
    data: dict[str, Any] | None = Field(None, description="the right data, the whole object")


class Discard(BaseModel):
    """Why the fact will never count."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=1000, pattern=r"^[^\x00]*$")


class SettledOut(BaseModel):
    """Confirms what was done."""

    id: int
    state: State


class SettledBefore(Conflict):
    """Raised when a quarantined fact was released or discarded before."""

    slug, title = "quarantine-settled", "This fact was released or discarded before"


def quarantine_router(edge: Edge) -> APIRouter:
    """Routes of the work list."""
    router = APIRouter(prefix="/v1/quarantine", tags=["quarantine 隔离区"])
    _reading(router, edge)
    _settling(router, edge)
    return router


def _reading(router: APIRouter, edge: Edge) -> None:
    @router.get("", dependencies=[LISTER], summary="The quarantine (隔离清单)")
    async def list_quarantine(page: PageRequest, wanted: Wanted) -> Page[QuarantinedOut]:
        after = page.after(int) or (0,)
        rows = await edge.quarantine.heads(wanted, int(after[0]), page.limit + 1)
        return page.page(rows, key=lambda row: (row.id,), item=lambda row: _out(row, None))

    @router.get(
        "/counts", dependencies=[LISTER], summary="How many in quarantine, by source and reason (隔离统计)"
    )
    async def count_quarantine(wanted: Wanted) -> list[HeapOut]:
        return [
            HeapOut(source=heap.source, reason=heap.reason, facts=heap.facts)
            for heap in await edge.quarantine.counts(wanted)
        ]

    @router.get("/{number}", summary="One fact in quarantine, with its original (隔离数据及原始报文)")
    async def read_quarantined(caller: Reader, number: Number) -> QuarantinedOut:
        found = await edge.quarantine.get(number)
        if found is None:
            raise NotFound("There is no such quarantined fact.")
        audit_read(caller, "quarantine")
        return _out(found, found.original.decode("utf-8", "replace"))


def _settling(router: APIRouter, edge: Edge) -> None:
    @router.post(
        "/{number}/release", summary="Release from quarantine, corrected where needed (放行隔离数据)"
    )
    async def release_quarantined(
        caller: Settler, number: Number, once: OncePerKey, order: Release | None = None
    ) -> Response:
        """The fact is accepted and flows on, exactly once; still unusable, it stays, and 422 says why."""
        bench = await _bench(edge, number)
        release_order = ReleaseOrder(number, _correction(order), caller.subject, edge.now_us())
        async with edge.open() as tx:
            return await once.answer(tx.idempotency, 200, lambda: _release(release_order, bench, tx))

    @router.post("/{number}/discard", summary="Discard from quarantine (作废隔离数据)")
    async def discard_quarantined(
        caller: Settler, number: Number, order: Discard, once: OncePerKey
    ) -> Response:
        """The fact is kept and never counts."""
        async with edge.open() as tx:
            return await once.answer(
                tx.idempotency, 200, lambda: _discard(number, order.reason, caller.subject, tx)
            )


async def _bench(edge: Edge, number: int) -> Bench:
    """Read before the transaction is begun: who holds one connection and waits for another may wait for ever."""
    held = await edge.quarantine.get(number)
    senders = {} if held is None else await edge.senders.sender(held.source)
    return Bench(senders, edge.latest_ms(), RELEASABLE_CODES)


async def _release(order: ReleaseOrder, bench: Bench, tx: EdgeUnitOfWork) -> SettledOut:
    try:
        verdict = await release(order, bench, tx)
    except UnknownQuarantined as error:
        raise NotFound("There is no such quarantined fact.") from error
    except NotOpen as error:
        raise SettledBefore from error
    if verdict.verdict is not Outcome.ACCEPTED:
        raise _still_unusable(verdict)
    return SettledOut(id=order.number, state=State.RELEASED)


async def _discard(number: int, reason: str, by: str, tx: EdgeUnitOfWork) -> SettledOut:
    try:
        await discard(number, reason, by, tx)
    except UnknownQuarantined as error:
        raise NotFound("There is no such quarantined fact.") from error
    except NotOpen as error:
        raise SettledBefore from error
    return SettledOut(id=number, state=State.DISCARDED)


def _correction(order: Release | None) -> Correction:
    if order is None:
        return Correction()
    try:
        data = None if order.data is None else msgspec.Raw(msgspec.json.encode(order.data))
    except RecursionError as error:
        wrong = FieldError("body.data", "is nested too deeply", EXPECTED["data"], Fault.WRONG_FORM)
        raise Invalid(errors=[wrong]) from error
    return Correction(order.subject, order.time, data)


def _still_unusable(verdict: Verdict) -> Invalid:
    errors = [FieldError(f"body.{p.field}", p.problem, p.expected) for p in verdict.problems]
    return Invalid("With this the fact could still not be accepted.", errors=errors)


def _out(row: Quarantined | Head, original: str | None) -> QuarantinedOut:
    return QuarantinedOut(
        id=row.id,
        source=row.source,
        fact_id=row.fact_id,
        type=row.type,
        subject=row.subject,
        reason=row.reason,
        state=row.state,
        received_at=row.received_at,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
        note=row.note,
        original=original,
    )
