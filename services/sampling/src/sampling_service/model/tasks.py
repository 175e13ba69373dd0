"""Visits: inspectors, their assignment, and what they found."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Inspector:
    """A member of the inspector pool (检查人员库).

    Attributes:
        ref: reference of the inspector, stable; the subject of the inspector's token.
        conflicts: USCCs of entities the inspector must keep away from (回避).
    """

    ref: str
    area_code: str
    licence_valid_until: date
    specialties: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    name: str = ""


class Visit(NamedTuple):
    """A visit that needs a team; `last_team` handled this entity last time."""

    task_id: str
    uscc: str
    area_code: str
    last_team: frozenset[str]


class Assignment(NamedTuple):
    """The team of a visit; empty when there were too few. `note` says when a rule had to bend, and which."""

    task_id: str
    inspectors: tuple[str, ...]
    note: str


class Place(NamedTuple):
    """Where an entity is, and its trade, at the time of the draw."""

    area_code: str
    industry: str


@dataclass(frozen=True, slots=True)
class Task:
    """One visit (检查任务), all items merged, with what the review must know of the draw.

    Attributes:
        state: `waiting` for a team, `assigned` or `done`.
    """

    task_id: str
    draw_id: str
    uscc: str
    year: int
    items: tuple[str, ...]
    inspectors: tuple[str, ...]
    note: str
    drawn_on: date
    due_on: date
    state: str
    stratum: str
    class_at_draw: str
    probability: float
    place: Place


class Report(NamedTuple):
    """What inspectors say of one visit."""

    task_id: str
    result_codes: tuple[str, ...]
    occurred_at: datetime
    remark: str = ""


class Recorder(NamedTuple):
    """Who reports.

    Attributes:
        subject: a stable name; an inspector's reference.
        area_code: the area they are limited to; None is the city.
        own_visits: they may report on visits of their own team alone.
    """

    subject: str
    area_code: str | None
    own_visits: bool = False


class Verdict(NamedTuple):
    """What became of a report: `recorded`, or why not; `detail` is for people."""

    task_id: str
    verdict: str
    result_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A recorded result of a visit."""

    result_id: str
    task: Task
    result_codes: tuple[str, ...]
    occurred_at: datetime
    recorded_at: datetime
    remark: str
    by: str
