"""Applying a micro-batch in one transaction, and what becomes of it when an event in it cannot be applied."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from eventbus import dead_letter, outbox
from eventbus.envelope import Received
from eventbus.errors import Poison, is_refused, reason_of
from eventbus.held import HeldLanes
from eventbus.micro_batch import Handlers, Polled, StageOptions, Work
from eventbus.outbox import Batch
from eventbus.record_set import PassedOver
from eventbus.relay import Relay
from eventbus.tracing import BatchSpans
from eventbus.transaction import Transaction

_log = structlog.get_logger("eventbus.stage")

Step = Callable[[Transaction], Awaitable[None]]


class Applier:
    """Moves the lanes a stage holds, each step together with its effects.

    Attributes:
        applied: Events applied so far.
        batches: Transactions that applied or buried them.
        buried: Events that became dead letters.
    """

    def __init__(  # noqa: PLR0913 - all it depends on, once, in consumer.py
        self,
        *,
        engine: AsyncEngine,
        relay: Relay,
        held: HeldLanes,
        handlers: Handlers,
        partitions: int,
        on_reset: Callable[[], None],
        options: StageOptions,
    ) -> None:
        self._engine = engine
        self._relay = relay
        self._held = held
        self._handlers = handlers
        self._partitions = partitions
        self._on_reset = on_reset
        self._options = options
        self.applied = 0
        self.batches = 0
        self.buried = 0

    async def apply(self, polled: Polled) -> None:
        """Apply the records; when one of them is poison, bury it and apply the others.

        Raises:
            Gap: An event never came.
            TooManyDeadLetters: More in a row than the stage's limit; those past it are not buried.
        """
        try:
            await self._apply(polled)
        except Exception as error:
            if not is_refused(error):
                raise
            self._on_reset()
            singles = [(place, [record]) for place, records in polled for record in records]
            if len(singles) == 1:
                await self._apply_or_bury(singles)
                return
            middle = len(singles) // 2
            await self.apply(singles[:middle])
            await self.apply(singles[middle:])

    async def reapply(self, event: Received, settle: Step) -> None:
        """Apply one buried event, together with its settling; copies are forgotten unless it is known to be done.

        Raises:
            Poison: It still cannot be applied.
        """
        if event.type not in self._handlers:
            raise Poison(f"no handler for {event.type!r}")
        handler = self._handlers[event.type]
        item = handler.decode(event)
        with self._forgetting_on_failure():
            async with self._engine.begin() as connection:
                transaction = Transaction(connection)
                if item is not None:
                    await handler.apply([item], transaction)
                await settle(transaction)
                onward = {event.key: event.traceparent}
                await outbox.advance_shared(connection, self._partitions, transaction.outgoing, onward)
            transaction.committed()
        self._relay.wake()

    @contextmanager
    def _forgetting_on_failure(self) -> Iterator[None]:
        done = False
        try:
            yield
            done = True
        finally:
            if not done:
                self._on_reset()

    async def _apply_or_bury(self, one: Polled) -> None:
        """Once more, since a stale copy may have been at fault; then the event itself is."""
        try:
            await self._apply(one)
        except Exception as error:
            if not is_refused(error):
                raise
            self._on_reset()
            work = Work(self._held.positions, {}, self._options)
            ((place, (record,)),) = one
            if isinstance(record, PassedOver):  # nothing of it is applied: it cannot be what was refused
                raise
            work.bury_one(place, record, reason_of(error))
            await self._commit(work)

    async def _apply(self, polled: Polled) -> None:
        work = Work(self._held.positions, self._handlers, self._options)
        work.read(polled)
        await self._commit(work)

    async def _commit(self, work: Work) -> None:
        if not work.runs and not work.buried:
            self._held.pass_over(work.positions)
            return
        with BatchSpans("apply", work.traceparents) as spans:
            async with self._engine.begin() as connection:
                transaction = Transaction(connection)
                for run in work.runs:
                    await run.apply(run.items, transaction)
                for event, why in work.buried:
                    await dead_letter.bury(connection, event, why)
                steps = work.advances(transaction, self._held.dirty(), spans)
                await outbox.advance(connection, steps)
        self._held.stepped(steps)
        transaction.committed()
        self._count(work)
        self._relay.submit(
            Batch(step.lane, step.expected_batch, step.events) for step in steps if step.events
        )

    def _count(self, work: Work) -> None:
        self.batches += 1
        self.applied += sum(len(run.items) for run in work.runs)
        self.buried += len(work.buried)
        for event, why in work.buried:
            _log.error("dead letter", topic=event.topic, offset=event.offset, uscc=event.key, error=why)
