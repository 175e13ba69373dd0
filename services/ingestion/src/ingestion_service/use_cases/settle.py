"""Settle a quarantined fact: release it, corrected where needed, or discard it."""

from typing import NamedTuple

from ingestion_service.errors import NotOpen
from ingestion_service.model.fact import Fact
from ingestion_service.model.quarantined import Correction, Quarantined, State
from ingestion_service.model.verdict import Outcome, Problem, Verdict
from ingestion_service.ports import Entry, Settlement, UnitOfWork
from ingestion_service.rules.composing import corrected
from ingestion_service.rules.judging import Bench, judge
from ingestion_service.rules.reading import EXPECTED


class ReleaseOrder(NamedTuple):
    """Who releases which quarantined fact, with what put right, and when (microseconds since the epoch)."""

    number: int
    correction: Correction
    by: str
    at_us: int


async def release(order: ReleaseOrder, bench: Bench, tx: UnitOfWork) -> Verdict:
    """The fact is accepted and published, once; or, still unusable, it stays as it was and the verdict says why.

    Raises:
        UnknownQuarantined: There is none of that number.
        NotOpen: It was settled before.
    """
    held = await _open(order.number, tx)
    judged = _judged_again(held, order.correction, bench)
    if isinstance(judged, Verdict):
        return judged
    entry = Entry(judged, tx.encode(judged, order.at_us // 1000))
    await tx.ledger.accept(entry, order.at_us)
    note = None if order.correction == Correction() else "corrected"
    await tx.quarantine.settle(order.number, Settlement(State.RELEASED, order.by, note))
    tx.publish([entry])
    return Verdict(judged.id, Outcome.ACCEPTED)


async def discard(number: int, reason: str, by: str, tx: UnitOfWork) -> None:
    """The fact is never published; it stays in the ledger, so that sent again it is a duplicate.

    Raises:
        UnknownQuarantined: There is none of that number.
        NotOpen: It was settled before.
    """
    await _open(number, tx)
    await tx.quarantine.settle(number, Settlement(State.DISCARDED, by, reason))


async def _open(number: int, tx: UnitOfWork) -> Quarantined:
    held = await tx.quarantine.take(number)
    if held.state is not State.OPEN:
        raise NotOpen(f"{number} was {held.state}")
    return held


def _judged_again(held: Quarantined, correction: Correction, bench: Bench) -> Fact | Verdict:
    line = corrected(held.original, subject=correction.subject, time=correction.time, data=correction.data)
    judged = judge([line], bench, held.traceparent)[0]
    if isinstance(judged, Verdict):
        return judged
    if (judged.source_id, judged.id) != (held.source_id, held.fact_id):
        problem = Problem("id", "is not that of the quarantined fact", "the same source and id")
        return Verdict(held.fact_id, Outcome.REJECTED, problems=(problem,))
    if judged.reason:
        field = _FIELD_OF_REASON.get(judged.reason, "subject")
        problem = Problem(field, f"still {judged.reason}", EXPECTED.get(field, "a correction"))
        return Verdict(held.fact_id, Outcome.QUARANTINED, judged.reason, (problem,))
    return judged


_FIELD_OF_REASON = {"time_missing": "time", "impossible_date": "time", "unknown_area": "data.area_code"}
