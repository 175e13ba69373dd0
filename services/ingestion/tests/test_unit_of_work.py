"""What ingestion tells, and in which order."""

from typing import Any

from eventbus import Transaction
from ingestion_builders import fact
from ingestion_service.ports import Entry
from ingestion_service.store.unit_of_work import SqlUnitOfWork
from vocabulary.dishonesty import DISHONESTY, OTHER


def test_facts_of_dishonesty_are_told_together_and_last() -> None:
    """Repair reads them alone; and a registration of the same batch has been told before its entity's penalty."""
    no_connection: Any = None
    transaction = Transaction(no_connection)
    facts = [
        fact("P-1"),
        fact("C-1", type="creditloop.complaint.received.v1"),
        fact("L-1", type="creditloop.listing.entered.v1"),
        fact("C-2", type="creditloop.complaint.received.v1"),
    ]

    SqlUnitOfWork(transaction).publish([Entry(each, each.id.encode()) for each in facts])

    assert [(event.value, event.about) for event in transaction.outgoing] == [
        (b"C-1", OTHER),
        (b"C-2", OTHER),
        (b"P-1", DISHONESTY),
        (b"L-1", DISHONESTY),
    ]
