"""Nothing but routing: event type → (decode, use case).

Classification is not listened to: what this service does not know, it cannot tell. `IndicatorsChanged` shares
profiling's topic and is passed over unread.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from eventbus import Handler, Handlers, Transaction

from notification_service import wire
from notification_service.model import News
from notification_service.ports import UnitOfWork
from notification_service.use_cases.events import Guidance, heed

TOPICS: Final = ("creditloop.profiling.v1", "creditloop.repair.v1")

OverTransaction = Callable[[Transaction], UnitOfWork]


class Notifier:
    """Heeds news over the transaction of its batch."""

    def __init__(
        self, unit_of_work: OverTransaction, guidance: Guidance, clock: Callable[[], datetime]
    ) -> None:
        self._unit_of_work = unit_of_work
        self._guidance = guidance
        self._clock = clock

    async def heed(self, news: Sequence[News], transaction: Transaction) -> None:
        """See `use_cases.events.heed`."""
        await heed(news, self._unit_of_work(transaction), self._guidance, self._clock())


def handlers(notifier: Notifier) -> Handlers:
    """How events are read; all are heeded together, a batch at a time. Other types are passed over unread."""
    return {
        wire.ENTITY_DESCRIBED: Handler(wire.contact, notifier.heed),
        wire.SIGNAL_RAISED: Handler(wire.signal, notifier.heed),
        wire.SIGNAL_CLEARED: Handler(wire.signal_end, notifier.heed),
        wire.REPAIR_NOTICE_DUE: Handler(wire.repair_notice, notifier.heed),
        wire.RECORD_STOPPED: Handler(wire.record_stop, notifier.heed),
    }
