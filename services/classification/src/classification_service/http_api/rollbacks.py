"""The way back to an earlier version, and everything done to a version (模型回退与留痕)."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path
from httpapi.access import audit_read
from httpapi.idempotency import OncePerKey
from httpapi.problems import NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response

from classification_service.http_api.desk import Approver, Because, Desk, Number, Reason
from classification_service.http_api.edge import AnyStaff
from classification_service.http_api.models import ModelId
from classification_service.http_api.steps import StepRow, Trail
from classification_service.model.governing import Rollback
from classification_service.use_cases import drafts as use_cases

Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]*$", description="code of a model")]


class RollbackOrder(BaseModel):
    """To which version, from which business day on, and why."""

    to_version: int = Field(ge=1)
    day: date
    reason: Reason


class RollbackRow(BaseModel):
    """A proposal to go back (模型回退)."""

    number: int
    code: str
    to_model: str
    from_day: date
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: str = Field(description="proposed, approved or refused")
    decided_by: str | None
    decided_at: datetime | None
    refuse_reason: str = Field(description="empty unless it was refused")

    @classmethod
    def of(cls, rollback: Rollback) -> Self:
        """The proposal as it is shown."""
        return cls(**{name: getattr(rollback, name) for name in Rollback.__dataclass_fields__})


class RollbackList(BaseModel):
    """The proposals for one code, newest first."""

    items: list[RollbackRow]


def router(desk: Desk) -> APIRouter:
    """Routes about the way back."""
    routes = APIRouter(prefix="/v1", tags=["models 模型"])
    _reading(routes, desk)
    _deciding(routes, desk)

    @routes.post(
        "/models/{code}/rollback",
        status_code=201,
        response_model=RollbackRow,
        summary="Propose to go back to an earlier version 提议模型回退",
    )
    async def propose(caller: Approver, code: Code, body: RollbackOrder, once: OncePerKey) -> Response:
        async with desk.open() as tx:

            async def work() -> RollbackRow:
                to_model, who = f"{code}@{body.to_version}", desk.who(caller)
                made = await use_cases.propose_rollback(to_model, body.day, body.reason, who, tx)
                return RollbackRow.of(made)

            return await once.answer(tx.idempotency, 201, work)

    return routes


def _reading(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/models/{code}/rollbacks", summary="Proposals to go back to an earlier version 模型回退提议")
    async def list_rollbacks(caller: AnyStaff, code: Code) -> RollbackList:
        audit_read(caller, f"rollbacks of {code}")
        return RollbackList(items=[RollbackRow.of(each) for each in await desk.people.rollbacks(code)])

    @routes.get("/models/{model_id}/trail", summary="Who did what to a version 版本留痕")
    async def read_trail(caller: AnyStaff, model_id: ModelId) -> Trail:
        audit_read(caller, f"trail of {model_id}")
        steps = await desk.people.trail(model_id)
        if not steps:
            raise NotFound("There is no such model.")
        return Trail(items=[StepRow.of(each) for each in steps])


def _deciding(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/rollbacks/{number}/approve",
        response_model=RollbackRow,
        summary="Go back to an earlier version, as another person 批准模型回退",
    )
    async def approve(caller: Approver, number: Number, once: OncePerKey) -> Response:
        async with desk.open() as tx:

            async def work() -> RollbackRow:
                return RollbackRow.of(await use_cases.approve_rollback(number, desk.who(caller), tx))

            return await once.answer(tx.idempotency, 200, work)

    @routes.post(
        "/rollbacks/{number}/refuse",
        response_model=RollbackRow,
        summary="Do not go back to an earlier version 不予模型回退",
    )
    async def refuse(caller: Approver, number: Number, body: Because, once: OncePerKey) -> Response:
        async with desk.open() as tx:

            async def work() -> RollbackRow:
                who = desk.who(caller)
                return RollbackRow.of(await use_cases.refuse_rollback(number, body.reason, who, tx))

            return await once.answer(tx.idempotency, 200, work)
