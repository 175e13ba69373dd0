"""Taking signals in hand (预警处置): who has them, what was done, how long they may wait, what was a slip."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter
from httpapi import AreaRule, Caller, Role, allow
from httpapi.field_errors import Fault, FieldError
from httpapi.idempotency import OncePerKey
from httpapi.problems import Conflict, Forbidden, Invalid
from pydantic import BaseModel, Field
from starlette.responses import Response

from profiling_service.errors import KeptShut, NotReopened, SignalNotOpen, SnoozedBadly
from profiling_service.http_api.edge import Edge, EdgeUnitOfWork
from profiling_service.http_api.signal_views import StepView, step_view
from profiling_service.http_api.signals import Clearer, Reason, SignalId, SignalIds, not_open, own_signal
from profiling_service.model.work import Action
from profiling_service.ports.signal_work import StepRow, WorkStep
from profiling_service.rules.windows import as_date, as_day
from profiling_service.use_cases import signal_work

_WORKERS = (Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, Role.INSPECTOR)
Worker = Annotated[Caller, allow(*_WORKERS, area=AreaRule.ENTITY, purpose="take a signal in hand")]
Workers = Annotated[Caller, allow(*_WORKERS, area=AreaRule.FILTER, purpose="take signals in hand")]
Subject = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Note = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]


class SignalIsOpen(Conflict):
    """Raised when a signal that is open is to be opened again."""

    slug, title = "signal-is-open", "This signal is open"


class CauseIsOver(Conflict):
    """Raised when a signal is to be opened again whose cause is over."""

    slug, title = "signal-cause-over", "What caused this signal is over"


class NotClearedLately(Conflict):
    """Raised when a signal is to be opened again that no person cleared within the last 24 hours."""

    slug, title = "signal-not-cleared-lately", "No person cleared this signal within the last 24 hours"


class OnlyTheirOwn(Forbidden):
    """Raised when an inspector gives a signal to somebody else."""

    slug, title = "only-their-own", "An inspector takes signals, or gives back their own"


_SHUT: dict[KeptShut, type[Conflict]] = {
    KeptShut.IS_OPEN: SignalIsOpen,
    KeptShut.CAUSE_IS_OVER: CauseIsOver,
    KeptShut.TOO_LATE: NotClearedLately,
}


class AssignOrder(BaseModel):
    """To whom signals are given."""

    assignee: Subject | None = Field(
        description="subject of the person's token, one's own to take it oneself; null gives it back"
    )
    note: Note = ""


class AssignManyOrder(AssignOrder):
    """To whom these signals are given."""

    signal_ids: SignalIds


class Assigned(BaseModel):
    """Which were given; the others are not open, not of the caller's area, or in hands they cannot be taken from."""

    assigned: list[str]
    not_assigned: list[str]


class SnoozeOrder(BaseModel):
    """How long a signal may wait, and why."""

    until: date = Field(lt=date(2200, 1, 1), description="the last day; the day after, it is open again")
    reason: Reason


class ActOrder(BaseModel):
    """What was done about it."""

    action: Action
    note: Note = ""


class ReopenOrder(BaseModel):
    """Why what was cleared is to be open again."""

    reason: Reason


def router(edge: Edge) -> APIRouter:
    """Routes that take signals in hand."""
    routes = APIRouter(prefix="/v1/signals", tags=["signals"])
    _add_assigning(routes, edge)
    _add_waiting(routes, edge)
    _add_acting(routes, edge)
    return routes


def _add_assigning(routes: APIRouter, edge: Edge) -> None:
    @routes.post("/{signal_id}/assign", summary="Give or take a signal 预警分派", response_model=StepView)
    async def assign(caller: Worker, signal_id: SignalId, order: AssignOrder, once: OncePerKey) -> Response:
        step = _assignment(caller, order)

        async def work(transaction: EdgeUnitOfWork) -> StepRow:
            return await signal_work.take_one(signal_id, step, transaction)

        return await _answer(edge, caller, signal_id, once, work)

    @routes.post("/assign", summary="Give or take many signals 批量分派预警", response_model=Assigned)
    async def assign_many(caller: Workers, order: AssignManyOrder, once: OncePerKey) -> Response:
        step = _assignment(caller, order)
        async with edge.transactions() as transaction:

            async def work() -> Assigned:
                given = await signal_work.assign(order.signal_ids, caller.area_filter(), step, transaction)
                others = [signal_id for signal_id in order.signal_ids if signal_id not in given]
                return Assigned(assigned=sorted(given), not_assigned=others)

            return await once.answer(transaction.idempotency, 200, work)


def _add_waiting(routes: APIRouter, edge: Edge) -> None:
    @routes.post("/{signal_id}/snooze", summary="Let a signal wait 预警暂缓", response_model=StepView)
    async def snooze(caller: Clearer, signal_id: SignalId, order: SnoozeOrder, once: OncePerKey) -> Response:
        async def work(transaction: EdgeUnitOfWork) -> StepRow:
            until = as_day(order.until)
            return await signal_work.snooze(signal_id, until, caller.subject, order.reason, transaction)

        return await _answer(edge, caller, signal_id, once, work)

    @routes.delete("/{signal_id}/snooze", summary="Let a signal wait no longer 取消暂缓")
    async def wake(caller: Clearer, signal_id: SignalId) -> StepView:
        await own_signal(edge, caller, signal_id)
        async with edge.transactions() as transaction:
            return step_view(await _refused(signal_work.wake(signal_id, caller.subject, transaction)))


def _add_acting(routes: APIRouter, edge: Edge) -> None:
    @routes.post(
        "/{signal_id}/act",
        status_code=201,
        summary="Write down what was done 处置记录",
        response_model=StepView,
    )
    async def act(caller: Worker, signal_id: SignalId, order: ActOrder, once: OncePerKey) -> Response:
        async def work(transaction: EdgeUnitOfWork) -> StepRow:
            return await signal_work.act(signal_id, order.action, caller.subject, order.note, transaction)

        return await _answer(edge, caller, signal_id, once, work, status=201)

    @routes.post("/{signal_id}/reopen", summary="Take back a clearing 撤销处置", response_model=StepView)
    async def reopen(caller: Clearer, signal_id: SignalId, order: ReopenOrder, once: OncePerKey) -> Response:
        async def work(transaction: EdgeUnitOfWork) -> StepRow:
            return await signal_work.reopen(signal_id, order.reason, caller.subject, transaction)

        return await _answer(edge, caller, signal_id, once, work)


async def _answer(  # noqa: PLR0913 - who, about what, once, and what
    edge: Edge,
    caller: Caller,
    signal_id: str,
    once: OncePerKey,
    step: Callable[[EdgeUnitOfWork], Awaitable[StepRow]],
    *,
    status: int = 200,
) -> Response:
    """The step is taken once with a signal of the caller's area; what was written down."""
    await own_signal(edge, caller, signal_id)
    async with edge.transactions() as transaction:

        async def work() -> StepView:
            return step_view(await _refused(step(transaction)))

        return await once.answer(transaction.idempotency, status, work)


async def _refused(taking: Awaitable[StepRow]) -> StepRow:
    """The step, or why it cannot be taken, as a problem."""
    try:
        return await taking
    except SignalNotOpen as error:
        raise not_open(error.standing) from error
    except NotReopened as error:
        raise _SHUT[error.why] from error
    except SnoozedBadly as error:
        first, last = as_date(error.first), as_date(error.last)
        expected = f"a day from {first} to {last}"
        wrong = FieldError(
            "body.until", "is in the past or too far ahead", expected, Fault.NOT_BETWEEN, f"{first}/{last}"
        )
        raise Invalid(errors=[wrong]) from error


def _assignment(caller: Caller, order: AssignOrder) -> WorkStep:
    """Officers give signals to anybody; an inspector takes what nobody has, and gives back their own.

    Raises:
        Forbidden: An inspector gives a signal to somebody else.
    """
    inspects = caller.role is Role.INSPECTOR
    if inspects and order.assignee not in (None, caller.subject):
        raise OnlyTheirOwn("An inspector takes signals, or gives back their own.")
    return signal_work.assignment(order.assignee, caller.subject, order.note, only_own=inspects)
