"""People take signals in hand: who has them, what was done, how long they may wait, what was cleared by a slip."""

from collections.abc import Collection

from profiling_service.errors import NotReopened, SignalNotOpen, SnoozedBadly, UnknownSignal
from profiling_service.model.work import Action, StepKind
from profiling_service.ports.signal_work import SignalWork, StepRow, WorkStep
from profiling_service.rules.windows import as_date
from profiling_service.rules.working import MOST_DAYS_OF_WAITING, kept_shut, may_wait_until


async def assign(
    signal_ids: Collection[str], area_code: str | None, step: WorkStep, work: SignalWork
) -> set[str]:
    """Those that are open, of the area, and not in hands the step may not take them from are with its assignee."""
    await work.business_day()  # it stays: a day that moves locks what falls due, in whatever order
    return {taken.signal_id for taken in await work.take_step(signal_ids, area_code, step)}


def assignment(assignee: str | None, by: str, note: str, *, only_own: bool) -> WorkStep:
    """Signals are given to somebody, or back to nobody."""
    kind = StepKind.RETURNED if assignee is None else StepKind.ASSIGNED
    return WorkStep(kind, by, note, assignee, only_own=only_own)


async def act(signal_id: str, action: Action, by: str, note: str, work: SignalWork) -> StepRow:
    """What was done is on the signal's trail; who did it has the signal, unless somebody had it.

    Raises:
        SignalNotOpen: It is not open.
    """
    return await take_one(signal_id, WorkStep(StepKind.ACTED, by, note, by, action=action), work)


async def snooze(signal_id: str, until: int, by: str, reason: str, work: SignalWork) -> StepRow:
    """The signal waits through that day, or until it grows; then it is open again by itself.

    Raises:
        SnoozedBadly: The day is before the business day, or too far ahead.
        SignalNotOpen: It is not open.
    """
    today = await work.business_day()
    if not may_wait_until(until, today):
        raise SnoozedBadly(today, today + MOST_DAYS_OF_WAITING)
    return await take_one(signal_id, WorkStep(StepKind.SNOOZED, by, reason, until=as_date(until)), work)


async def wake(signal_id: str, by: str, work: SignalWork) -> StepRow:
    """The signal waits no longer.

    Raises:
        SignalNotOpen: It is not open.
    """
    return await take_one(signal_id, WorkStep(StepKind.WOKEN, by, ""), work)


async def take_one(signal_id: str, step: WorkStep, work: SignalWork) -> StepRow:
    """The step is taken with one signal.

    Raises:
        SignalNotOpen: It is not open, or in hands the step may not take it from.
    """
    taken = await work.take_step([signal_id], None, step)
    if not taken:
        raise SignalNotOpen(await work.standing(signal_id))
    return taken[0]


async def reopen(signal_id: str, reason: str, by: str, work: SignalWork) -> StepRow:
    """What a person cleared lately by a slip is open as before, and told as raised.

    Raises:
        UnknownSignal: There is none.
        NotReopened: It is open, or its cause is over, or no person cleared it lately.
    """
    await work.business_day()  # it stays: whether the signal is late is looked up once
    closing = await work.closing(signal_id)
    if closing is None:
        raise UnknownSignal(signal_id)
    why = kept_shut(is_open=closing.is_open, holds=closing.holds, cleared_ago=closing.by_person_for)
    if why is not None:
        raise NotReopened(why)
    raised, step = await work.reopen(signal_id, reason, by)
    work.publish([raised])
    return step
