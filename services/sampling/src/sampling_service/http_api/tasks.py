"""Visits: what is due and why, and what was found."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from httpapi import (
    STAFF,
    AreaRule,
    Caller,
    FieldError,
    Page,
    PageRequest,
    Role,
    allow,
    area_asked,
    audit_read,
)
from httpapi.idempotency import OncePerKey
from httpapi.problems import Invalid, NotFound, ProblemError
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response
from vocabulary.calendar import business_date

from sampling_service.http_api.edge import Edge, NotAssigned, NotInTeam, ResultRecorded
from sampling_service.model.tasks import Recorder, Report, Verdict
from sampling_service.model.views import TaskQuery, TaskView
from sampling_service.use_cases import tasks

_RECORDERS = (Role.INSPECTOR, Role.AREA_OFFICER, Role.CITY_ADMINISTRATOR)
AreaStaff = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="see visits")]
OneStaff = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="see a visit")]
OneRecorder = Annotated[Caller, allow(*_RECORDERS, area=AreaRule.FILTER, purpose="record a result")]
Planner = Annotated[
    Caller, allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.FILTER, purpose="assign visits")
]
TaskId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,96}$")]
_REASONS = {
    "uniform": "Drawn from everyone alike (不定向抽查); the control group",
    "key": "Under key supervision by law (重点监管)",
    "unclassified": "Drawn among entities not yet classified",
}


class Asked(BaseModel):
    """Which visits are asked for."""

    state: Literal["waiting", "assigned", "done"] | None = None
    inspector: str | None = Field(None, max_length=64, pattern=r"^[^\x00]*$")
    mine: bool = Field(
        False, description="those the caller was sent to, in whatever area; wins over `inspector`"
    )
    draw_id: str | None = Field(None, max_length=64, pattern=r"^[^\x00]*$")
    uscc: str | None = Field(None, max_length=18, pattern=r"^[^\x00]*$")
    due_by: date | None = None
    area: str | None = Field(
        None, pattern=r"^[0-9A-Z]{6}$", description="only this area, within the caller's own 区划"
    )


class TaskCountOut(BaseModel):
    """Visits in one state."""

    model_config = ConfigDict(from_attributes=True)

    state: str
    tasks: int
    overdue: int = Field(description="not made, and due before today")


class TaskOut(BaseModel):
    """A visit (检查任务). Internal: it names the stratum and class of the draw."""

    model_config = ConfigDict(from_attributes=True)

    task_id: str
    draw_id: str
    uscc: str
    name: str
    address: str
    area_code: str
    industry: str
    items: list[str] = Field(description="all inspected in one visit (综合查一次)")
    inspectors: list[str]
    note: str = Field(description="where a rule of assignment had to bend")
    drawn_on: date
    due_on: date
    state: str
    reason: str = Field(description="why this entity")
    stratum: str
    class_at_draw: str
    probability: float
    result_codes: list[str] | None
    occurred_at: AwareDatetime | None
    remark: str | None


class ResultIn(BaseModel):
    """What was found."""

    result_codes: list[str] = Field(min_length=1, max_length=8, description="national result codes")
    occurred_at: AwareDatetime = Field(description="end of the visit")
    remark: str = Field("", max_length=2000)


class ResultOfTaskIn(ResultIn):
    """What was found at one of many visits."""

    task_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,96}$")


class ResultsIn(BaseModel):
    """Results of many visits."""

    results: list[ResultOfTaskIn] = Field(min_length=1, max_length=10_000)


class VerdictOut(BaseModel):
    """What became of one result."""

    model_config = ConfigDict(from_attributes=True)

    task_id: str
    verdict: str = Field(
        description="recorded, already_recorded, unknown_task, not_assigned, not_in_team, invalid_codes, …"
    )
    result_id: str
    detail: str


class VerdictsOut(BaseModel):
    """A verdict for each result, in the order given."""

    counts: dict[str, int]
    verdicts: list[VerdictOut]


class AssignedOut(BaseModel):
    """What became of the visits that had no team."""

    assigned: int
    still_waiting: int


def router(edge: Edge) -> APIRouter:
    """Routes of visits and results."""
    routes = APIRouter(tags=["tasks"])
    _reading_routes(routes, edge)
    _writing_routes(routes, edge)
    _assigning_route(routes, edge)
    return routes


def _reading_routes(routes: APIRouter, edge: Edge) -> None:
    @routes.get("/v1/tasks", summary="Inspection tasks 检查任务")
    async def list_tasks(
        caller: AreaStaff, page: PageRequest, asked: Annotated[Asked, Query()]
    ) -> Page[TaskOut]:
        """Visits with the reason for each; an inspector's own: `mine=true&state=assigned`."""
        (after,) = page.after(str) or ("",)
        audit_read(caller, "tasks", asked.uscc)
        wanted = replace(_query(caller, asked), after=str(after), limit=page.limit + 1)
        return page.page(await edge.reads.tasks(wanted), key=lambda row: (row.task_id,), item=_task_out)

    @routes.get("/v1/tasks/counts", summary="How many tasks 检查任务数")
    async def count_tasks(caller: AreaStaff, asked: Annotated[Asked, Query()]) -> list[TaskCountOut]:
        """How many visits there are in each state, and how many are overdue; of those done, this year's."""
        counts = await edge.reads.task_counts(_query(caller, asked), business_date(edge.clock()))
        return [TaskCountOut.model_validate(count) for count in counts]

    @routes.get("/v1/tasks/{task_id}", summary="One task 检查任务详情")
    async def read_task(caller: OneStaff, task_id: TaskId) -> TaskOut:
        """One visit; who was sent sees it in whatever area."""
        found = await edge.reads.task(task_id)
        inside = caller.may_see(None if found is None else found.area_code)
        if found is None or not (inside or caller.subject in found.inspectors):
            raise NotFound("There is no such task.")
        audit_read(caller, "task", found.uscc)
        return _task_out(found)


def _writing_routes(routes: APIRouter, edge: Edge) -> None:
    @routes.post(
        "/v1/tasks/{task_id}/result",
        summary="Record a result 录入检查结果",
        status_code=201,
        response_model=VerdictOut,
    )
    async def record_result(
        caller: OneRecorder, task_id: TaskId, result: ResultIn, once: OncePerKey
    ) -> Response:
        """Record what was found at a visit (谁检查、谁录入); one result per visit, by its team or an officer."""
        recorder = _recorder(caller)
        async with edge.unit_of_work() as tx:

            async def work() -> VerdictOut:
                given = [_report(task_id, result)]
                (verdict,) = await tasks.record_results(given, recorder, tx, now=edge.clock())
                if verdict.verdict != "recorded":
                    raise _problem(verdict)
                return VerdictOut.model_validate(verdict)

            return await once.answer(tx.idempotency, 201, work)

    @routes.post("/v1/results", summary="Record many results 批量录入检查结果", response_model=VerdictsOut)
    async def record_results(caller: OneRecorder, body: ResultsIn, once: OncePerKey) -> Response:
        """Record the results of many visits at once; each has its own verdict."""
        recorder = _recorder(caller)
        async with edge.unit_of_work() as tx:

            async def work() -> VerdictsOut:
                reports = [_report(each.task_id, each) for each in body.results]
                verdicts = await tasks.record_results(reports, recorder, tx, now=edge.clock())
                counts = Counter(each.verdict for each in verdicts)
                return VerdictsOut(counts=counts, verdicts=[VerdictOut.model_validate(v) for v in verdicts])

            return await once.answer(tx.idempotency, 200, work)


def _assigning_route(routes: APIRouter, edge: Edge) -> None:
    @routes.post("/v1/assignments", summary="Assign tasks that wait 分派待派任务", response_model=AssignedOut)
    async def assign_waiting(caller: Planner, once: OncePerKey) -> Response:
        """Find teams for visits that wait, after the inspector pool grew."""
        area_code = caller.area_filter()
        async with edge.unit_of_work() as tx:

            async def work() -> AssignedOut:
                assigned, waiting = await tasks.assign_waiting(
                    area_code, edge.packs, tx, today=business_date(edge.clock())
                )
                return AssignedOut(assigned=assigned, still_waiting=waiting)

            return await once.answer(tx.idempotency, 200, work)


def _query(caller: Caller, asked: Asked) -> TaskQuery:
    """Visits of the caller's area, or the caller's own: teams are sent to neighbouring areas too."""
    area_code = area_asked(caller, asked.area)
    limits = asked.model_dump(exclude={"mine", "area"})
    if asked.mine:
        return TaskQuery(None, **{**limits, "inspector": caller.subject})
    return TaskQuery(area_code, **limits)


def _recorder(caller: Caller) -> Recorder:
    return Recorder(caller.subject, caller.area_filter(), own_visits=caller.role is Role.INSPECTOR)


def _report(task_id: str, result: ResultIn) -> Report:
    return Report(task_id, tuple(result.result_codes), result.occurred_at, result.remark)


def _problem(verdict: Verdict) -> ProblemError:
    match verdict.verdict:
        case "unknown_task":
            return NotFound("There is no such task.")
        case "already_recorded":
            return ResultRecorded(verdict.detail)
        case "not_assigned":
            return NotAssigned(verdict.detail)
        case "not_in_team":
            return NotInTeam(verdict.detail)
        case "invalid_codes":
            expected = "national result codes that can stand together"
            return Invalid(errors=[FieldError("body.result_codes", verdict.detail, expected)])
        case _:
            return Invalid(
                errors=[FieldError("body.occurred_at", verdict.detail, "a time after the draw, and past")]
            )


def _task_out(view: TaskView) -> TaskOut:
    reason = _REASONS.get(view.stratum, f"Drawn by risk among {view.stratum} (分类抽查)")
    return TaskOut.model_validate({**view._asdict(), "reason": reason})
