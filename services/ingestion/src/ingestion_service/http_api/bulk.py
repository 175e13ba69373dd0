"""Release or discard many quarantined facts at once (批量处理)."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from httpapi import Caller
from httpapi.field_errors import FieldError
from httpapi.idempotency import REPLAYED_HEADER, OncePerKey
from httpapi.problems import Invalid, NotFound
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import Response

from ingestion_service.http_api.edge import Edge, EdgeUnitOfWork
from ingestion_service.http_api.filters import FilterIn
from ingestion_service.http_api.quarantine import LISTER, Number, Settler
from ingestion_service.model.quarantined import Action, BulkOrder, Filter, Job, Replacement

_MOST_IDS = 10_000
_Scalar = str | int | float | bool | None
Replaceable = Annotated[str, Field(pattern=r"^(subject|time|data\.[a-z][a-z0-9_]{0,63})$")]


class ReplaceIn(BaseModel):
    """A value in place of another; `from` null also stands for a member that is missing."""

    model_config = ConfigDict(extra="forbid")

    was: _Scalar = Field(alias="from")
    becomes: _Scalar = Field(alias="to")


class BulkIn(BaseModel):
    """What is to be done with which open facts: those of a filter, or those of a list of numbers."""

    model_config = ConfigDict(extra="forbid")

    filter: FilterIn | None = None
    ids: list[Annotated[int, Field(ge=1, lt=2**63)]] | None = Field(None, min_length=1, max_length=_MOST_IDS)
    action: Literal["release", "discard"]
    reason: str | None = Field(None, min_length=3, max_length=1000, pattern=r"^[^\x00]*$")
    replace: dict[Replaceable, ReplaceIn] = Field(
        default_factory=dict,
        max_length=50,
        description='such as {"data.area_code": {"from": "510122", "to": "510116"}}',
    )


class ProblemOut(BaseModel):
    """A fact that was not released, and why."""

    id: int
    fact_id: str
    field: str
    problem: str
    expected: str


class JobOut(BaseModel):
    """A bulk settlement and how far it has come; `unusable` stay open, the first hundred with reasons."""

    id: int
    state: Literal["working", "ended"]
    action: Literal["release", "discard"]
    matched: int
    released: int
    unusable: int
    discarded: int
    problems: list[ProblemOut]
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None


class _Begun(BaseModel):
    id: int


_BEGUN = TypeAdapter(_Begun)


def bulk_router(edge: Edge) -> APIRouter:
    """Routes of bulk settlements."""
    router = APIRouter(prefix="/v1/quarantine", tags=["quarantine 隔离区"])

    @router.post(
        "/bulk",
        summary="Release or discard many from quarantine (批量放行、作废隔离数据)",
        response_model=JobOut,
    )
    async def settle_many(caller: Settler, order: BulkIn, once: OncePerKey) -> Response:
        """Done chunk by chunk. 200 when it has ended; 202 when it goes on: `Location` tells how far it is."""
        wanted = _order(edge, caller, order)
        async with edge.open() as tx:
            begun = await once.answer(tx.idempotency, 200, lambda: _begin(wanted, tx))
        job = await edge.settler.work(_BEGUN.validate_json(bytes(begun.body)).id)
        return _answer(job, replayed=begun.headers.get(REPLAYED_HEADER))

    @router.get("/jobs/{number}", dependencies=[LISTER], summary="How far a bulk release is (批量处理进度)")
    async def read_job(number: Number) -> JobOut:
        job = await edge.quarantine.job(number)
        if job is None:
            raise NotFound("There is no such bulk settlement.")
        return _out(job)

    return router


async def _begin(order: BulkOrder, tx: EdgeUnitOfWork) -> _Begun:
    return _Begun(id=(await tx.jobs.begin(order)).id)


def _order(edge: Edge, caller: Caller, order: BulkIn) -> BulkOrder:
    action = Action(order.action)
    if action is Action.DISCARD and order.reason is None:
        raise _wrong("reason", "is missing", "why these facts will never count")
    if action is Action.DISCARD and order.replace:
        raise _wrong("replace", "does not fit discard", "no replacements")
    replacements = {field: Replacement(how.was, how.becomes) for field, how in order.replace.items()}
    return BulkOrder(action, _chosen(order), replacements, order.reason, caller.subject, edge.now())


def _chosen(order: BulkIn) -> Filter:
    if order.filter is not None and order.ids is None:
        return order.filter.chosen()
    if order.ids is not None and order.filter is None:
        return Filter(ids=tuple(order.ids))
    raise _wrong("filter", "does not stand alone", "either filter or ids")


def _wrong(field: str, problem: str, expected: str) -> Invalid:
    return Invalid(errors=[FieldError(f"body.{field}", problem, expected)])


def _answer(job: Job, *, replayed: str | None) -> Response:
    headers = {"Location": f"/v1/quarantine/jobs/{job.id}"}
    if replayed:
        headers[REPLAYED_HEADER] = replayed
    status = 202 if job.ended_at is None else 200
    return Response(_out(job).model_dump_json(), status, headers, media_type="application/json")


def _out(job: Job) -> JobOut:
    problems = [
        ProblemOut(id=p.id, fact_id=p.fact_id, field=p.field, problem=p.problem, expected=p.expected)
        for p in job.problems
    ]
    return JobOut(
        id=job.id,
        state="working" if job.ended_at is None else "ended",
        action=job.order.action.value,
        matched=job.matched,
        released=job.released,
        unusable=job.unusable,
        discarded=job.discarded,
        problems=problems,
        asked_by=job.order.asked_by,
        asked_at=job.order.asked_at,
        ended_at=job.ended_at,
    )
