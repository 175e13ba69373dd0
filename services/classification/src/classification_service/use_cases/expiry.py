"""The calendar ends what people decided for a time."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date

from classification_service.model.governing import Who
from classification_service.ports.governing import GovernedUnitOfWork
from classification_service.use_cases.interventions import end_what_is_over

AT_ONCE = 2000


async def end_all_that_is_over(
    day: date,
    who: Who,
    begin: Callable[[], AbstractAsyncContextManager[GovernedUnitOfWork]],
    *,
    at_once: int = AT_ONCE,
) -> int:
    """What expired before that day, or was corrected, is in force no longer; gives how many.

    In transactions of a bounded size: a run that is broken off goes on where it was when it is asked for again.
    """
    total = 0
    while True:
        async with begin() as tx:
            ended = await end_what_is_over(day, who, tx, at_once)
        total += ended
        if ended < at_once:
            return total
