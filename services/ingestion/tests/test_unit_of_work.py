"""What ingestion tells, and in which order."""

from typing import Any

import pytest
from eventbus import Transaction
from ingestion_builders import fact
from ingestion_service.ports import Entry
from ingestion_service.store.unit_of_work import SqlUnitOfWork
from vocabulary.dishonesty import DISHONESTY, INSPECTION, OTHER


def nowhere() -> Transaction:
    """A transaction that only collects what is published."""
    no_connection: Any = None
    return Transaction(no_connection)


def test_facts_of_dishonesty_are_told_together_and_last() -> None:
    """Repair reads them alone; and a registration of the same batch has been told before its entity's penalty."""
    transaction = nowhere()
    facts = [
        fact("P-1"),
        fact("C-1", type="creditloop.complaint.received.v1"),
        fact("L-1", type="creditloop.listing.entered.v1"),
        fact("I-1", type="creditloop.inspection.completed.v1"),
        fact("C-2", type="creditloop.complaint.received.v1"),
    ]

    SqlUnitOfWork(transaction).publish([Entry(each, each.id.encode()) for each in facts])

    assert [(event.value, event.about) for event in transaction.outgoing] == [
        (b"C-1", OTHER),
        (b"C-2", OTHER),
        (b"I-1", INSPECTION),
        (b"P-1", DISHONESTY),
        (b"L-1", DISHONESTY),
    ]


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"type": "creditloop.complaint.received.v1"}, OTHER),
        ({"type": "creditloop.complaint.received.v1", "supersedes": "L-0"}, DISHONESTY),
        ({"type": "creditloop.inspection.completed.v1"}, INSPECTION),
        ({"type": "creditloop.inspection.completed.v1", "supersedes": "I-0"}, DISHONESTY),
        ({"type": "creditloop.fact.retracted.v1"}, DISHONESTY),
        ({"supersedes": "P-0"}, DISHONESTY),
    ],
)
def test_what_may_take_a_fact_of_dishonesty_back_is_told_as_one(changes: dict[str, str], about: str) -> None:
    """Whether it does, only the reader knows who has the record."""
    transaction = nowhere()

    SqlUnitOfWork(transaction).publish([Entry(fact("F-1", **changes), b"F-1")])

    assert [event.about for event in transaction.outgoing] == [about]
