"""Record facts: durable, once each, and on their way."""

from collections import Counter
from collections.abc import Sequence

from ingestion_service.model.fact import Fact
from ingestion_service.model.verdict import Outcome
from ingestion_service.ports import Entry, UnitOfWork
from ingestion_service.rules.counting import Entered, first_of_each_key, outcomes
from ingestion_service.use_cases.recode import keep_codes, under_new_codes
from ingestion_service.use_cases.retract import set_apart


async def record_facts(facts: Sequence[Fact], at_us: int, tx: UnitOfWork) -> list[Outcome]:
    """The ledger knows these facts; the usable ones are published, the others set aside; known ones change nothing.

    Args:
        facts: Judged facts, of any sources, repetitions included.
        at_us: When they are recorded, microseconds since the epoch; the same for each attempt at one batch.
        tx: The transaction.
    """
    at_ms = at_us // 1000
    facts, sent = await under_new_codes(facts, at_ms, tx)
    facts = await set_apart(facts, tx)
    firsts = first_of_each_key(facts)
    entries = [
        Entry(fact, None if fact.reason else tx.encode(fact, at_ms))
        for fact in (facts[place] for place in firsts)
    ]
    entered = await tx.ledger.enter(entries, at_us)
    new = [entry for entry, how in zip(entries, entered, strict=True) if how is Entered.NEW]
    if aside := [entry.fact for entry in new if entry.payload is None]:
        await tx.quarantine.set_aside(aside, at_us)
    await keep_codes(new, sent, tx)
    tx.publish(new)
    told = outcomes(facts, firsts, entered)
    if len(new) != len(facts):
        await _note_repeated(facts, told, at_us, tx)
    return told


async def _note_repeated(facts: Sequence[Fact], told: Sequence[Outcome], at_us: int, tx: UnitOfWork) -> None:
    """Last of all: two writers that wait for each other here wait for nothing else."""
    repeated = Counter(
        (fact.source_id, fact.type_number)
        for fact, outcome in zip(facts, told, strict=True)
        if outcome is Outcome.DUPLICATE
    )
    if repeated:
        await tx.ledger.note_repeated(repeated, at_us)
