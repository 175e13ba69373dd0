"""What people look up."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple


class PoolCount(NamedTuple):
    """How many members an area has in a class, and how many of them are under key supervision."""

    area_code: str
    risk_class: str
    members: int
    key_supervision: int


class KeyMember(NamedTuple):
    """A member of the key-supervision pool."""

    uscc: str
    name: str
    area_code: str
    industry: str
    risk_class: str
    reason: str
    since: date


class DrawView(NamedTuple):
    """A draw as staff see it; nothing secret."""

    draw_id: str
    plan_id: str
    number: int
    items: list[str]
    area_code: str | None
    day: date
    state: str
    ordered_by: str
    reason: str
    commitment: dict[str, Any]
    commitment_sha256: str
    quotas: list[dict[str, Any]]
    committed_at: datetime
    public_seed: str | None
    settled_by: str | None
    settled_at: datetime | None
    settle_reason: str
    drawn: int | None


class TaskView(NamedTuple):
    """A visit as inspectors see it."""

    task_id: str
    draw_id: str
    uscc: str
    name: str
    address: str
    area_code: str
    industry: str
    items: list[str]
    inspectors: list[str]
    note: str
    drawn_on: date
    due_on: date
    state: str
    stratum: str
    class_at_draw: str
    probability: float
    result_codes: list[str] | None
    occurred_at: datetime | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Which visits are wanted; None does not limit."""

    area_code: str | None = None
    state: str | None = None
    inspector: str | None = None
    draw_id: str | None = None
    uscc: str | None = None
    due_by: date | None = None
    after: str = ""
    limit: int = 100


class TaskCount(NamedTuple):
    """How many visits are in a state; of these, how many should have been made by now."""

    state: str
    tasks: int
    overdue: int
