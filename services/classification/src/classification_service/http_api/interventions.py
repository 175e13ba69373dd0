"""Manual adjustments: proposed, approved by another, revoked (人工调整)."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from httpapi.access import AreaAsked, area_asked, audit_read
from httpapi.idempotency import OncePerKey
from httpapi.pages import Page, PageRequest
from pydantic import BaseModel, Field
from starlette.responses import Response

from classification_service.http_api.desk import (
    Because,
    Decider,
    Desk,
    Ender,
    Evidence,
    Number,
    Proposer,
    Reason,
    UsccText,
)
from classification_service.http_api.edge import ManyEntities
from classification_service.model.intervention import KeptIntervention, Proposal, Standing
from classification_service.use_cases import interventions as use_cases

_NEWEST = 2**63 - 1


class AdjustmentOrder(BaseModel):
    """The class a person holds right, until a day; never better than an override leaves it."""

    uscc: UsccText
    risk_class: Literal["A", "B", "C", "D"]
    reason: Reason
    evidence: Evidence
    expires_on: date = Field(lt=date(2200, 1, 1), description="last day in force 有效期至")


class InterventionRow(BaseModel):
    """What a person decided about a class (人工调整, 异议期间暂不计分)."""

    id: int
    uscc: str
    kind: str = Field(description="manual 人工调整 or resting 暂不计分")
    risk_class: str | None
    indicator: str = Field(description="item that rests; empty of a manual one")
    objection: int | None
    share: float | None = Field(
        description="of an item that rests, how much of its value is the record's; null where all of it rests"
    )
    reason: str
    evidence: list[str]
    expires_on: date
    state: str = Field(description="proposed, refused, in_force or ended")
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    refuse_reason: str = Field(description="why it was refused; else empty 不予批准理由")
    ended_by: str | None
    ended_at: datetime | None
    end_reason: str

    @classmethod
    def of(cls, kept: KeptIntervention) -> Self:
        """The intervention as it is shown."""
        own = {name: getattr(kept, name) for name in KeptIntervention.__dataclass_fields__}
        return cls(**own | {"evidence": list(kept.evidence)})


def router(desk: Desk) -> APIRouter:
    """Routes about manual adjustments."""
    routes = APIRouter(prefix="/v1/interventions", tags=["interventions 人工调整"])
    _listing(routes, desk)
    _proposing(routes, desk)
    _deciding(routes, desk)
    _ending(routes, desk)
    return routes


def _listing(routes: APIRouter, desk: Desk) -> None:
    @routes.get("", summary="Interventions, newest first 人工调整列表")
    async def list_interventions(
        caller: ManyEntities,
        page: PageRequest,
        uscc: Annotated[str | None, Query(pattern=r"^[0-9A-Z]{18}$")] = None,
        state: Annotated[Standing | None, Query()] = None,
        area: AreaAsked = None,
    ) -> Page[InterventionRow]:
        before = page.after(int) or (_NEWEST,)
        rows = await desk.people.interventions(
            int(before[0]), page.limit + 1, area_asked(caller, area), uscc=uscc, state=state
        )
        audit_read(caller, "interventions", uscc)
        return page.page(rows, key=lambda row: (row.id,), item=InterventionRow.of)


def _proposing(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "", status_code=201, response_model=InterventionRow, summary="Propose an intervention 提出人工调整"
    )
    async def propose(caller: Proposer, body: AdjustmentOrder, once: OncePerKey) -> Response:
        await desk.open_to_decide(caller, body.uscc)
        proposal = Proposal(body.uscc, body.risk_class, body.reason, tuple(body.evidence), body.expires_on)
        async with desk.open() as tx:

            async def work() -> InterventionRow:
                made = await use_cases.propose(proposal, desk.who(caller), tx, today=desk.today())
                return InterventionRow.of(made)

            return await once.answer(tx.idempotency, 201, work)


def _deciding(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/{number}/approve",
        response_model=InterventionRow,
        summary="Approve an intervention, as another 批准人工调整",
    )
    async def approve(caller: Decider, number: Number, once: OncePerKey) -> Response:
        found = await desk.own(caller, await desk.people.intervention(number))
        await desk.open_to_decide(caller, found.uscc)
        async with desk.open() as tx:

            async def work() -> InterventionRow:
                who = desk.who(caller)
                return InterventionRow.of(await use_cases.approve(number, who, tx, today=desk.today()))

            return await once.answer(tx.idempotency, 200, work)

    @routes.post(
        "/{number}/refuse", response_model=InterventionRow, summary="Refuse an intervention 不批准人工调整"
    )
    async def refuse(caller: Decider, number: Number, body: Because, once: OncePerKey) -> Response:
        await desk.own(caller, await desk.people.intervention(number))
        async with desk.open() as tx:

            async def work() -> InterventionRow:
                return InterventionRow.of(await use_cases.refuse(number, body.reason, desk.who(caller), tx))

            return await once.answer(tx.idempotency, 200, work)


def _ending(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/{number}/revoke",
        response_model=InterventionRow,
        summary="End an intervention before its day 撤销人工调整",
    )
    async def revoke(caller: Ender, number: Number, body: Because, once: OncePerKey) -> Response:
        await desk.own(caller, await desk.people.intervention(number))
        async with desk.open() as tx:

            async def work() -> InterventionRow:
                who = desk.who(caller)
                kept = await use_cases.revoke(number, body.reason, who, tx, today=desk.today())
                return InterventionRow.of(kept)

            return await once.answer(tx.idempotency, 200, work)
