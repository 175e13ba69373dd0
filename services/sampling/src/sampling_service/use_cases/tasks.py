"""Teams for visits that wait, and the results of visits."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from sampling_service.model.events import InspectionAssigned, InspectionResultRecorded
from sampling_service.model.plans import Packs
from sampling_service.model.tasks import Inspector, Recorder, Report, Result, Task, Verdict, Visit
from sampling_service.ports import UnitOfWork
from sampling_service.rules import results, visits
from sampling_service.rules.assignment import Rota


async def put_inspectors(inspectors: Sequence[Inspector], tx: UnitOfWork) -> None:
    """The inspector pool has these, as given."""
    await tx.inspectors.put(inspectors)


async def assign_waiting(area_code: str | None, packs: Packs, tx: UnitOfWork) -> tuple[int, int]:
    """Visits that wait for a team have one where the pool now allows; how many were assigned, and still wait."""
    await tx.draws.serialise()
    waiting = await tx.tasks.lock_waiting(area_code)
    last_teams = await tx.tasks.last_teams([task.uscc for task in waiting])
    rota = Rota(await tx.inspectors.all(), await tx.inspectors.loads(), packs.neighbours, b"waiting")
    assigned = [
        _assigned(task, rota, last_teams.get(task.uscc, frozenset()), packs)
        for task in sorted(waiting, key=attrgetter("due_on", "task_id"))
    ]
    ready = [task for task in assigned if task.inspectors]
    await tx.tasks.assign([visits.assignment_of(task) for task in ready])
    tx.publish(*map(InspectionAssigned, ready))
    return len(ready), len(waiting) - len(ready)


async def record_results(
    reports: Sequence[Report], recorder: Recorder, tx: UnitOfWork, *, now: datetime
) -> list[Verdict]:
    """Each report is the result of its visit, or its verdict says why not; in the order given."""
    tasks = await tx.tasks.lock({report.task_id for report in reports})
    verdicts: list[Verdict] = []
    recorded: dict[str, Result] = {}
    for report in reports:
        judged = results.judge(report, tasks.get(report.task_id), recorder, now)
        if isinstance(judged, Result) and report.task_id in recorded:
            judged = Verdict(report.task_id, "already_recorded", detail="twice in one request")
        if isinstance(judged, Result):
            recorded[report.task_id] = judged
            judged = Verdict(report.task_id, "recorded", judged.result_id)
        verdicts.append(judged)
    await tx.tasks.record(list(recorded.values()))
    tx.publish(*map(InspectionResultRecorded, recorded.values()))
    return verdicts


def _assigned(task: Task, rota: Rota, last_team: frozenset[str], packs: Packs) -> Task:
    plan = packs.plans[task.draw_id.rpartition("-")[0]]
    needs = visits.needs_of(task.items, task.due_on, plan, packs.items)
    visit = Visit(task.task_id, task.uscc, task.place.area_code, last_team)
    return visits.with_team(task, rota.assign(visit, needs))
