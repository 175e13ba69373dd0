"""Teams for visits that wait, and the results of visits."""

import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from sampling_service.model.events import InspectionAssigned, InspectionResultRecorded
from sampling_service.model.plans import Packs
from sampling_service.model.tasks import Inspector, Recorder, Report, Result, Task, Verdict
from sampling_service.ports import UnitOfWork
from sampling_service.rules import results, visits
from sampling_service.rules.assignment import Rota


async def put_inspectors(inspectors: Sequence[Inspector], tx: UnitOfWork) -> None:
    """The inspector pool has these, as given."""
    await tx.inspectors.put(inspectors)


async def assign_waiting(
    area_code: str | None, packs: Packs, tx: UnitOfWork, *, today: date
) -> tuple[int, int]:
    """Visits that wait for a team have one where the pool now allows; how many were assigned, and still wait."""
    await tx.draws.serialise()
    waiting = sorted(await tx.tasks.lock_waiting(area_code), key=attrgetter("draw_id", "task_id"))
    last_teams = await tx.tasks.last_teams([task.uscc for task in waiting])
    randomness = await tx.draws.randomness({task.draw_id for task in waiting})
    inspectors, loads = await tx.inspectors.all(), Counter(await tx.inspectors.loads())
    ready: list[Task] = []
    for draw_id, tasks in groupby(waiting, key=attrgetter("draw_id")):
        batch = list(tasks)
        lot = _lot(randomness[draw_id], batch)
        rota = Rota(inspectors, loads, packs.neighbours, lot)
        assigned = [_assigned(task, rota, last_teams, packs, today) for task in batch]
        ready += [task for task in assigned if task.inspectors]
        loads.update(ref for task in assigned for ref in task.inspectors)
    await tx.tasks.assign([visits.assignment_of(task) for task in ready])
    tx.publish(*map(InspectionAssigned, ready))
    return len(ready), len(waiting) - len(ready)


def _lot(randomness: bytes, tasks: Sequence[Task]) -> bytes:
    """From the draw's own randomness, and another for other visits: teams are drawn each time, and never arranged."""
    return hmac.digest(randomness, "\0".join(task.task_id for task in tasks).encode(), "sha256")


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


def _assigned(
    task: Task, rota: Rota, last_teams: Mapping[str, frozenset[str]], packs: Packs, today: date
) -> Task:
    """The task with its team; licences must hold until the visit, which may be overdue."""
    plan = packs.plans[task.draw_id.rpartition("-")[0]]
    needs = visits.needs_of(task.items, max(task.due_on, today), plan, packs.items)
    last_team = last_teams.get(task.uscc, frozenset())
    return visits.with_team(task, rota.assign(visits.visit_of(task, last_team), needs))
