"""Record facts: durable, once each, and on their way."""

from collections.abc import Sequence

from ingestion_service.model.fact import Fact
from ingestion_service.model.verdict import Outcome
from ingestion_service.ports import Entry, UnitOfWork
from ingestion_service.rules.counting import Entered, first_of_each_key, outcomes


async def record_facts(facts: Sequence[Fact], at_us: int, tx: UnitOfWork) -> list[Outcome]:
    """The ledger knows these facts; the usable ones are published, the others set aside; known ones change nothing.

    Args:
        facts: Judged facts, of any sources, repetitions included.
        at_us: When they are recorded, microseconds since the epoch; the same for each attempt at one batch.
        tx: The transaction.
    """
    firsts = first_of_each_key(facts)
    at_ms = at_us // 1000
    entries = [
        Entry(fact, None if fact.reason else tx.encode(fact, at_ms))
        for fact in (facts[place] for place in firsts)
    ]
    entered = await tx.ledger.enter(entries, at_us)
    new = [entry for entry, how in zip(entries, entered, strict=True) if how is Entered.NEW]
    if aside := [entry.fact for entry in new if entry.payload is None]:
        await tx.quarantine.set_aside(aside, at_us)
    tx.publish(new)
    return outcomes(facts, firsts, entered)
