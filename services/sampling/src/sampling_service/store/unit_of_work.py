"""One transaction over the tables, telling other services through the outbox."""

from eventbus import Transaction
from httpapi.idempotency_store import SqlIdempotencyStore

from sampling_service import wire
from sampling_service.model.events import Event
from sampling_service.store.draws import SqlDraws
from sampling_service.store.members import SqlMembers
from sampling_service.store.tasks import SqlInspectors, SqlTasks
from sampling_service.tables import idempotent_answer


class SqlUnitOfWork:
    """Implements `ports.UnitOfWork` over an open bus transaction; whoever opened it commits."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.members = SqlMembers(transaction)
        self.draws = SqlDraws(transaction)
        self.inspectors = SqlInspectors(transaction)
        self.tasks = SqlTasks(transaction)
        self.idempotency = SqlIdempotencyStore(transaction.connection, idempotent_answer)

    def publish(self, *events: Event) -> None:
        """See `ports.UnitOfWork`."""
        self._transaction.publish(*map(wire.outgoing, events))
