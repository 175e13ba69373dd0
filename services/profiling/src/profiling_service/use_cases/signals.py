"""People settle signals."""

from profiling_service.ports import SignalUnitOfWork


async def clear_signal(signal_id: str, reason: str, by: str, transaction: SignalUnitOfWork) -> None:
    """The signal is closed for this reason and that is told; it is not raised again for the same cause.

    Raises:
        UnknownSignal: There is none.
        SignalAlreadyCleared: It is not open.
    """
    day = await transaction.business_day()
    transaction.publish([await transaction.close_signal(signal_id, reason, by, day)])
