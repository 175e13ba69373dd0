"""What this service tells the others."""

from dataclasses import dataclass
from datetime import date

from sampling_service.model.tasks import Result, Task


@dataclass(frozen=True, slots=True)
class PoolEntered:
    """An entity entered the key-supervision pool."""

    uscc: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class PoolLeft:
    """An entity left the key-supervision pool."""

    uscc: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class DrawPublished:
    """A draw was revealed; anyone may check its file."""

    draw_id: str
    number: int
    plan_id: str
    population_root: str
    drawn: int
    on: date


@dataclass(frozen=True, slots=True)
class InspectionAssigned:
    """A visit has its team."""

    task: Task


@dataclass(frozen=True, slots=True)
class InspectionResultRecorded:
    """A visit's result is on record."""

    result: Result


Event = PoolEntered | PoolLeft | DrawPublished | InspectionAssigned | InspectionResultRecorded
