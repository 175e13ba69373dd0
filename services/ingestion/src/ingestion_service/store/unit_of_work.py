"""The unit of work: one transaction of the bus."""

from collections.abc import Sequence

from eventbus import Outgoing, Transaction
from httpapi.idempotency import IdempotencyStore
from httpapi.idempotency_store import SqlIdempotencyStore
from vocabulary.dishonesty import DISHONESTY, INSPECTION, OTHER

from ingestion_service import wire
from ingestion_service.model.fact import Fact
from ingestion_service.ports import Entry, Ledger, Quarantine
from ingestion_service.ports.codes import Codes
from ingestion_service.ports.files import FileProgress
from ingestion_service.ports.settling import Jobs
from ingestion_service.store.codes import CodeBook, SqlCodes
from ingestion_service.store.files.jobs import SqlFileProgress
from ingestion_service.store.jobs import SqlJobs
from ingestion_service.store.ledger import SqlLedger
from ingestion_service.store.quarantine import SqlQuarantine
from ingestion_service.tables import IDEMPOTENT_ANSWERS

_PLACES = {OTHER: 0, INSPECTION: 1, DISHONESTY: 2}


def _others_first(event: Outgoing) -> int:
    return _PLACES[event.about]


class SqlUnitOfWork:
    """A `UnitOfWork` over a transaction that its caller commits; without a book it knows no re-coded USCC."""

    def __init__(self, transaction: Transaction, book: CodeBook | None = None) -> None:
        self._transaction = transaction
        self.ledger: Ledger = SqlLedger(transaction)
        self.quarantine: Quarantine = SqlQuarantine(transaction.connection)
        self.jobs: Jobs = SqlJobs(transaction.connection)
        self.codes: Codes = SqlCodes(transaction, book or CodeBook())
        self.files: FileProgress = SqlFileProgress(transaction.connection)
        self.idempotency: IdempotencyStore = SqlIdempotencyStore(transaction.connection, IDEMPOTENT_ANSWERS)

    def encode(self, fact: Fact, recorded_at_ms: int) -> bytes:
        """See `UnitOfWork`."""
        return wire.fact_accepted(fact, recorded_at_ms)

    def publish(self, entries: Sequence[Entry]) -> None:
        """See `UnitOfWork`; facts of one kind stand together, those of dishonesty last: a kind may be passed over."""
        usable = (
            Outgoing(wire.FACT_ACCEPTED, entry.fact.uscc, entry.payload, wire.about(entry.fact))
            for entry in entries
            if entry.payload is not None
        )
        self._transaction.publish(*sorted(usable, key=_others_first))
