"""One transaction over the tables, telling other services through the outbox."""

from collections.abc import Callable

from eventbus import Transaction
from httpapi.idempotency_store import SqlIdempotencyStore

from notification_service import tables, wire
from notification_service.model import DomainEvent
from notification_service.store.clues import SqlClues
from notification_service.store.contacts import SqlContacts, SqlSignals
from notification_service.store.notices import SqlNotices
from notification_service.store.platforms import SqlPlatforms


class SqlUnitOfWork:
    """Implements `ports.UnitOfWork` over an open bus transaction.

    Args:
        transaction: open; whoever opened it commits.
        wake: called once the transaction has committed, if it left work for the workers.
    """

    def __init__(self, transaction: Transaction, wake: Callable[[], None]) -> None:
        connection = transaction.connection
        self._transaction = transaction
        self._wake = wake
        self.contacts = SqlContacts(connection)
        self.signals = SqlSignals(connection)
        self.notices = SqlNotices(connection)
        self.platforms = SqlPlatforms(connection)
        self.clues = SqlClues(connection)
        self.idempotency = SqlIdempotencyStore(connection, tables.idempotent_answer)

    def publish(self, *events: DomainEvent) -> None:
        """See `ports.UnitOfWork`."""
        self._transaction.publish(*map(wire.outgoing, events))

    def wake_workers(self) -> None:
        """See `ports.UnitOfWork`."""
        self._transaction.after_commit(self._wake)
