"""Settle quarantined facts: release them, corrected where needed, or discard them."""

from collections.abc import Sequence
from typing import NamedTuple

from ingestion_service.errors import NotOpen, UnknownQuarantined
from ingestion_service.model.fact import Fact
from ingestion_service.model.quarantined import Correction, Quarantined, State
from ingestion_service.model.verdict import Outcome, Problem, Reason, Verdict
from ingestion_service.ports import Entry, Settlement, UnitOfWork
from ingestion_service.rules.composing import corrected
from ingestion_service.rules.judging import Arrival, Bench, judge_read
from ingestion_service.rules.reading import EXPECTED, read
from ingestion_service.rules.retracting import OF_OTHER_ENTITY
from ingestion_service.use_cases.recode import Sent, keep_codes, under_new_codes
from ingestion_service.use_cases.retract import set_apart

_PIECE = 250
"""Facts judged at a stretch: some ten milliseconds, so that requests are not kept waiting."""


class ReleaseOrder(NamedTuple):
    """Who releases which quarantined fact, with what put right, and when (microseconds since the epoch)."""

    number: int
    correction: Correction
    by: str
    at_us: int


class PutRight(NamedTuple):
    """A quarantined fact, and its CloudEvent as it is to be taken."""

    held: Quarantined
    line: bytes

    @property
    def corrected(self) -> bool:
        """Whether it is not as it came."""
        return self.line != self.held.original


class Signed(NamedTuple):
    """Who settles, when (microseconds since the epoch), and why; None: only what was put right."""

    by: str
    at_us: int
    why: str | None = None


async def release(order: ReleaseOrder, bench: Bench, tx: UnitOfWork) -> Verdict:
    """The fact is accepted and published, once; or, still unusable, it stays as it was and the verdict says why.

    Raises:
        UnknownQuarantined: There is none of that number.
        NotOpen: It was settled before.
    """
    held = await _open(order.number, tx)
    line = put_right(held, order.correction)
    return (await release_all([PutRight(held, line)], Signed(order.by, order.at_us), bench, tx))[0]


async def release_all(
    facts: Sequence[PutRight], signed: Signed, bench: Bench, tx: UnitOfWork
) -> list[Verdict]:
    """Those that are usable now are accepted and published, once; the others stay as they were.

    Args:
        facts: Open quarantined facts, locked.
        signed: Who releases them.
        bench: What they are judged by.
        tx: The transaction.

    Returns:
        The verdicts, in order.
    """
    verdicts: list[Verdict] = []
    for start in range(0, len(facts), _PIECE):
        verdicts += await _release_piece(facts[start : start + _PIECE], signed, bench, tx)
    return verdicts


async def take_open(numbers: Sequence[int], tx: UnitOfWork) -> list[Quarantined]:
    """Those of these numbers that are open, in order, locked: others may have settled some a moment ago."""
    return [held for held in await tx.quarantine.take(numbers) if held.state is State.OPEN]


async def _release_piece(
    facts: Sequence[PutRight], signed: Signed, bench: Bench, tx: UnitOfWork
) -> list[Verdict]:
    judged, sent = await _judged_again(facts, bench, signed.at_us // 1000, tx)
    usable = [(fact, item) for fact, item in zip(facts, judged, strict=True) if isinstance(item, Fact)]
    if usable:
        entries = [Entry(item, tx.encode(item, signed.at_us // 1000)) for _, item in usable]
        await tx.ledger.accept(entries, signed.at_us)
        await _settle([fact for fact, _ in usable], signed, tx)
        await keep_codes(entries, sent, tx)
        tx.publish(entries)
    return [item if isinstance(item, Verdict) else Verdict(item.id, Outcome.ACCEPTED) for item in judged]


async def _settle(facts: Sequence[PutRight], signed: Signed, tx: UnitOfWork) -> None:
    for corrected_too in (False, True):
        numbers = [fact.held.id for fact in facts if fact.corrected is corrected_too]
        if numbers:
            said = [part for part in (signed.why, "corrected" if corrected_too else None) if part]
            note = "; ".join(said) or None
            await tx.quarantine.settle(numbers, Settlement(State.RELEASED, signed.by, note))


async def discard(number: int, reason: str, by: str, tx: UnitOfWork) -> None:
    """The fact is never published; it stays in the ledger, so that sent again it is a duplicate.

    Raises:
        UnknownQuarantined: There is none of that number.
        NotOpen: It was settled before.
    """
    await _open(number, tx)
    await tx.quarantine.settle([number], Settlement(State.DISCARDED, by, reason))


def put_right(held: Quarantined, correction: Correction) -> bytes:
    """The CloudEvent of the fact as corrected; the original's very bytes when nothing is."""
    if correction == Correction():
        return held.original
    return corrected(held.original, subject=correction.subject, time=correction.time, data=correction.data)


async def _open(number: int, tx: UnitOfWork) -> Quarantined:
    found = await tx.quarantine.take([number])
    if not found:
        raise UnknownQuarantined(str(number))
    if found[0].state is not State.OPEN:
        raise NotOpen(f"{number} was {found[0].state}")
    return found[0]


async def _judged_again(
    facts: Sequence[PutRight], bench: Bench, at_ms: int, tx: UnitOfWork
) -> tuple[list[Fact | Verdict], Sent]:
    arrivals = [Arrival(read(fact.line), fact.line, fact.held.traceparent) for fact in facts]
    judged = judge_read(arrivals, bench)
    now, sent = await under_new_codes([item for item in judged if isinstance(item, Fact)], at_ms, tx)
    coded = iter(await set_apart(now, tx))
    return [
        _still(fact.held, next(coded) if isinstance(item, Fact) else item)
        for fact, item in zip(facts, judged, strict=True)
    ], sent


def _still(held: Quarantined, judged: Fact | Verdict) -> Fact | Verdict:
    if isinstance(judged, Verdict):
        return judged
    if (judged.source_id, judged.id) != (held.source_id, held.fact_id):
        problem = Problem("id", "is not that of the quarantined fact", "the same source and id")
        return Verdict(held.fact_id, Outcome.REJECTED, problems=(problem,))
    if judged.reason == Reason.OTHER_ENTITY:
        return Verdict(held.fact_id, Outcome.QUARANTINED, judged.reason, (OF_OTHER_ENTITY,))
    if judged.reason:
        field = _FIELD_OF_REASON.get(judged.reason, "subject")
        problem = Problem(field, f"still {judged.reason}", EXPECTED.get(field, "a correction"))
        return Verdict(held.fact_id, Outcome.QUARANTINED, judged.reason, (problem,))
    return judged


_FIELD_OF_REASON = {"time_missing": "time", "impossible_date": "time", "unknown_area": "data.area_code"}
