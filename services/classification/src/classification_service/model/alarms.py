"""Alarms that propose a review of the model; none changes it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class AlarmKind(StrEnum):
    """What may be wrong."""

    DISTRIBUTION = "distribution"
    """The score's distribution moved: PSI of 0.25 or more within the last quarter."""
    ORDER = "order"
    """A better class has significantly more problems than the next worse one."""
    CALIBRATION = "calibration"
    """The rates by score are not those of the year before."""
    LIFT = "lift"
    """C and D stand out significantly less from A and B than in the half-year before."""


class Check(NamedTuple):
    """What a run says of one kind of alarm.

    Attributes:
        holds: None when there is too little to say: an open alarm then stays as it is.
        figure: what was compared with the threshold.
    """

    kind: AlarmKind
    holds: bool | None
    figure: float
    threshold: float
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ReviewAlarm:
    """An alarm in the books.

    Attributes:
        last_seen_on: last business day on which it held.
        closed_on: business day from which it held no longer.
    """

    id: int
    kind: str
    model_id: str
    opened_on: date
    last_seen_on: date
    closed_on: date | None
    figure: float
    threshold: float
    zh: str
    en: str
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    note: str | None
