"""People settle signals, suppress what is known already, and say what was useful."""

from collections.abc import Collection

from profiling_service.ports.signals import SignalUnitOfWork, SuppressionOrder


async def clear_signal(signal_id: str, reason: str, by: str, transaction: SignalUnitOfWork) -> None:
    """The signal is closed for this reason and that is told; it is not raised again for the same cause.

    Raises:
        UnknownSignal: There is none.
        SignalNotOpen: It is not open.
    """
    day = await transaction.business_day()
    transaction.publish([await transaction.close_signal(signal_id, reason, by, day)])


async def clear_signals(
    signal_ids: Collection[str], area_code: str | None, reason: str, by: str, transaction: SignalUnitOfWork
) -> set[str]:
    """Those that are open, and of the area where one is given, are closed and told; which these are."""
    day = await transaction.business_day()
    cleared = await transaction.close_signals(signal_ids, area_code, reason, by, day)
    transaction.publish(cleared)
    return {signal.signal_id for signal in cleared}


async def suppress(order: SuppressionOrder, by: str, transaction: SignalUnitOfWork) -> int:
    """Nothing is raised or told in that scope through its day; what still holds is raised by the run after it.

    Raises:
        SuppressedInThePast: Its last day is before the business day.
    """
    return await transaction.suppress(order, by)


async def end_suppression(suppression_id: int, by: str, transaction: SignalUnitOfWork) -> None:
    """What was kept silent and still holds is raised by the next run, or by the next fact.

    Raises:
        UnknownSuppression: There is none, or it was ended before.
    """
    await transaction.end_suppression(suppression_id, by)


async def judge(signal_id: str, by: str, note: str, transaction: SignalUnitOfWork, *, useful: bool) -> None:
    """Whether the signal was of use is kept, and counts among the family's figures.

    Raises:
        UnknownSignal: There is none.
    """
    await transaction.judge(signal_id, by, note, useful=useful)
