"""What a drawn entity's visit is: all items of the draw at once (综合查一次)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sampling_service.model.draws import Draw, Entry
from sampling_service.model.plans import Item, Plan
from sampling_service.model.tasks import Assignment, Place, Task, Visit
from sampling_service.rules.assignment import Needs


def task_id_of(draw: Draw, uscc: str) -> str:
    """The identifier of a drawn entity's visit."""
    return f"{draw.draw_id}-{uscc}"


def new_task(draw: Draw, entry: Entry, place: Place, due_on: date, assignment: Assignment) -> Task:
    """The visit to one drawn entity; without a team it waits."""
    return Task(
        task_id=assignment.task_id,
        draw_id=draw.draw_id,
        uscc=entry.uscc,
        year=draw.day.year,
        items=draw.items,
        inspectors=assignment.inspectors,
        note=assignment.note,
        drawn_on=draw.day,
        due_on=due_on,
        state="assigned" if assignment.inspectors else "waiting",
        stratum=entry.stratum,
        class_at_draw=entry.class_at_draw,
        probability=entry.probability,
        place=place,
    )


def visit_of(task: Task, last_team: frozenset[str]) -> Visit:
    """What the rota must know of a stored task."""
    return Visit(task.task_id, task.uscc, task.place.area_code, last_team)


def with_team(task: Task, assignment: Assignment) -> Task:
    """A waiting task after another assignment; without a team it goes on waiting."""
    state = "assigned" if assignment.inspectors else "waiting"
    return replace(task, inspectors=assignment.inspectors, note=assignment.note, state=state)


def needs_of(codes: tuple[str, ...], until: date, plan: Plan, items: Mapping[str, Item]) -> Needs:
    """What a team for these items must have."""
    specialties = frozenset(items[code].specialty for code in codes if code in items) - {""}
    return Needs(plan.inspectors_per_visit, specialties, until)


def assignment_of(task: Task) -> Assignment:
    """A task's team as it is stored."""
    return Assignment(task.task_id, task.inspectors, task.note)
