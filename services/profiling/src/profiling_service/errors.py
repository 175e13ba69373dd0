"""What can go wrong in profiling.

ProfilingError
├── InvalidPack           a pack of rule data contradicts itself: the service does not start
├── StaleCopy             stored state is not what the copy in memory says: forget it and read again
├── DayGoesBack           a daily run for a day before the business day
├── UnknownSignal         there is no such signal
├── SignalNotOpen         a step with a signal that is not open, or that another person has
├── SnoozedBadly          a signal is to wait until a day in the past, or for too long
├── NotReopened           what was cleared cannot be opened again
├── UnknownSuppression    there is no such suppression in force
└── SuppressedInThePast   a suppression whose last day is before the business day
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class ProfilingError(Exception):
    """Root of the service's errors."""


class InvalidPack(ProfilingError):
    """Raised when rule data is incomplete or contradicts itself; says where."""


class StaleCopy(ProfilingError):
    """Raised when rows were not in the state they were read in: another writer came between."""


class DayGoesBack(ProfilingError):
    """Raised when a daily run would move the business day backwards; days since 1970-01-01."""

    def __init__(self, asked: int, business_day: int) -> None:
        super().__init__(f"asked for day {asked}, the business day is {business_day}")
        self.asked = asked
        self.business_day = business_day


class UnknownSignal(ProfilingError):
    """Raised when no signal has that identifier."""


class Standing(NamedTuple):
    """How a signal stands, and by whose step.

    Attributes:
        assignee: Who has it; None for nobody.
        cleared_by: Who cleared it; `facts` when what caused it was over.
        by, at: Who cleared it, or gave it to who has it, and when; None when no person did.
    """

    is_open: bool
    assignee: str | None
    cleared_by: str | None
    cleared_on: date | None
    by: str | None
    at: datetime | None


class SignalNotOpen(ProfilingError):
    """Raised when a step is taken with a signal that is not open, or that another person has."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(str(standing))
        self.standing = standing


class SnoozedBadly(ProfilingError):
    """Raised when a signal is to wait until a day outside these two; days since 1970-01-01."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(f"from {first} to {last}")
        self.first = first
        self.last = last


class KeptShut(StrEnum):
    """Why a signal cannot be opened again."""

    IS_OPEN = "is_open"
    CAUSE_IS_OVER = "cause_is_over"
    TOO_LATE = "too_late"


class NotReopened(ProfilingError):
    """Raised when what was cleared cannot be opened again."""

    def __init__(self, why: KeptShut) -> None:
        super().__init__(why.value)
        self.why = why


class UnknownSuppression(ProfilingError):
    """Raised when no suppression has that identifier, or it was ended before."""


class SuppressedInThePast(ProfilingError):
    """Raised when a suppression would be over before it begins; days since 1970-01-01."""

    def __init__(self, business_day: int) -> None:
        super().__init__(f"the business day is {business_day}")
        self.business_day = business_day
