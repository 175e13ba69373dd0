"""Whether a report of a visit can stand as its result."""

from datetime import datetime, timedelta
from typing import Final

from vocabulary.calendar import business_date
from vocabulary.errors import VocabularyError
from vocabulary.result_codes import validate_combination

from sampling_service.model.tasks import Recorder, Report, Result, Task, Verdict

CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far the clock of an inspector's device may be ahead of ours; project-chosen."""


def judge(report: Report, task: Task | None, recorder: Recorder, now: datetime) -> Verdict | Result:
    """The result to record, or why it cannot be; a task outside the recorder's area is as unknown as none."""
    refusal = _refusal(report, task, recorder, now)
    if task is None or refusal:
        verdict, _, detail = refusal.partition(": ")
        return Verdict(report.task_id, verdict, detail=detail)
    return Result(
        result_id=f"result-{task.task_id}",
        task=task,
        result_codes=tuple(sorted(set(report.result_codes))),
        occurred_at=report.occurred_at,
        recorded_at=now,
        remark=report.remark,
        by=recorder.subject,
    )


def _refusal(report: Report, task: Task | None, recorder: Recorder, now: datetime) -> str:
    if task is None or not _within_reach(task, recorder):
        return "unknown_task: there is no such task"
    if task.state == "done":
        return "already_recorded: a correction is a step of its own"
    if task.state == "waiting":
        return "not_assigned: a visit needs its inspectors first"
    if recorder.own_visits and recorder.subject not in task.inspectors:
        return "not_in_team: who inspects records (谁检查、谁录入)"
    return _time_refusal(report, task, now) or _code_refusal(report)


def _within_reach(task: Task, recorder: Recorder) -> bool:
    """The recorder's area is the task's; who was sent from a neighbouring one reaches their own visits too."""
    sent = recorder.own_visits and recorder.subject in task.inspectors
    return sent or recorder.area_code in {None, task.place.area_code}


def _time_refusal(report: Report, task: Task, now: datetime) -> str:
    day = business_date(report.occurred_at)
    if day < task.drawn_on:
        return f"before_draw: the draw was on {task.drawn_on}"
    if report.occurred_at > now + CLOCK_SKEW:
        return "in_future: a visit is recorded after it"
    return ""


def _code_refusal(report: Report) -> str:
    try:
        validate_combination(report.result_codes)
    except VocabularyError as error:
        return f"invalid_codes: {error}"
    return ""
