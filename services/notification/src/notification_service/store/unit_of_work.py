"""One transaction over the tables, telling other services through the outbox."""

from typing import Protocol

from eventbus import Transaction
from httpapi.idempotency_store import SqlIdempotencyStore

from notification_service import tables, wire
from notification_service.model import DomainEvent
from notification_service.store.clues import SqlClues
from notification_service.store.contacts import SqlContacts, SqlSignals
from notification_service.store.notices import SqlNotices
from notification_service.store.platforms import SqlPlatforms


class Wakes(Protocol):
    """Wakes the workers; each call must be quick and not fail."""

    def letters(self) -> None:
        """Whoever delivers letters looks for work soon."""
        ...

    def webhooks(self) -> None:
        """Whoever delivers webhooks looks for work at once."""
        ...


class SqlUnitOfWork:
    """Implements `ports.UnitOfWork` over an open bus transaction.

    Args:
        transaction: open; whoever opened it commits.
        wakes: called once the transaction has committed, if it left work for the workers.
    """

    def __init__(self, transaction: Transaction, wakes: Wakes) -> None:
        connection = transaction.connection
        self._transaction = transaction
        self._wakes = wakes
        self.contacts = SqlContacts(connection)
        self.signals = SqlSignals(connection)
        self.notices = SqlNotices(connection)
        self.platforms = SqlPlatforms(connection)
        self.clues = SqlClues(connection)
        self.idempotency = SqlIdempotencyStore(connection, tables.idempotent_answer)

    def publish(self, *events: DomainEvent) -> None:
        """See `ports.UnitOfWork`."""
        self._transaction.publish(*map(wire.outgoing, events))

    def wake_letters(self) -> None:
        """See `ports.UnitOfWork`."""
        self._transaction.after_commit(self._wakes.letters)

    def wake_webhooks(self) -> None:
        """See `ports.UnitOfWork`."""
        self._transaction.after_commit(self._wakes.webhooks)
