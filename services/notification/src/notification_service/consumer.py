"""Nothing but routing: event type → (decode, use case).

Classification is not listened to: what this service does not know, it cannot tell. `IndicatorsChanged` shares
profiling's topic and is passed over unread.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from eventbus import Handler, Handlers, Transaction

from notification_service import wire
from notification_service.model import Contact, RecordStop, RepairNotice, Signal
from notification_service.ports import UnitOfWork
from notification_service.rules.clues import ClueKinds
from notification_service.rules.templates import TemplateCatalogue
from notification_service.use_cases import events

TOPICS: Final = ("creditloop.profiling.v1", "creditloop.repair.v1")

OverTransaction = Callable[[Transaction], UnitOfWork]


class Notifier:
    """The use cases, each over the transaction of its batch."""

    def __init__(
        self,
        unit_of_work: OverTransaction,
        catalogue: TemplateCatalogue,
        kinds: ClueKinds,
        clock: Callable[[], datetime],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._kinds = kinds
        self._clock = clock

    async def describe(self, contacts: Sequence[Contact], transaction: Transaction) -> None:
        """See `use_cases.events.describe_entities`."""
        await events.describe_entities(contacts, self._unit_of_work(transaction))

    async def heed(self, signals: Sequence[Signal], transaction: Transaction) -> None:
        """See `use_cases.events.heed_signals`."""
        heed = partial(events.heed_signals, now=self._clock())
        await heed(signals, self._unit_of_work(transaction), self._catalogue, self._kinds)

    async def plan_repair(self, dues: Sequence[RepairNotice], transaction: Transaction) -> None:
        """See `use_cases.events.plan_repair_notices`."""
        await events.plan_repair_notices(
            dues, self._unit_of_work(transaction), self._catalogue, self._clock()
        )

    async def plan_stops(self, stops: Sequence[RecordStop], transaction: Transaction) -> None:
        """See `use_cases.events.plan_stop_notices`."""
        await events.plan_stop_notices(stops, self._unit_of_work(transaction), self._catalogue, self._clock())


def handlers(notifier: Notifier) -> Handlers:
    """What is done with which event; other types are passed over unread."""
    return {
        wire.ENTITY_DESCRIBED: Handler(wire.contact, notifier.describe),
        wire.SIGNAL_RAISED: Handler(wire.signal, notifier.heed),
        wire.REPAIR_NOTICE_DUE: Handler(wire.repair_notice, notifier.plan_repair),
        wire.RECORD_STOPPED: Handler(wire.record_stop, notifier.plan_stops),
    }
