"""How long a signal may wait, and when its clearing can be taken back."""

from datetime import timedelta

from profiling_service.errors import KeptShut

MOST_DAYS_OF_WAITING = 90
"""A signal put off for longer is hidden rather than put off: that is for a suppression, or a reason. Project-chosen."""

TIME_TO_REOPEN = timedelta(hours=24)
"""A slip is seen the same day or the next morning; later it is another decision. Project-chosen."""


def kept_shut(*, is_open: bool, holds: bool, cleared_ago: timedelta | None) -> KeptShut | None:
    """Why a signal that a person cleared so long ago is not opened again; None when it is."""
    if is_open:
        return KeptShut.IS_OPEN
    if not holds:
        return KeptShut.CAUSE_IS_OVER
    return None if cleared_ago is not None and cleared_ago <= TIME_TO_REOPEN else KeptShut.TOO_LATE


def may_wait_until(until: int, today: int) -> bool:
    """Whether a signal may wait through a day; days since 1970-01-01."""
    return today <= until <= today + MOST_DAYS_OF_WAITING
