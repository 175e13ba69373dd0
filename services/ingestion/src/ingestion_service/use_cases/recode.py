"""Old codes (换码): facts sent under a code of yesterday count for the code of today.

Codes are learned from accepted facts that an entity got another code. A batch without doubtful codes costs one
comparison for each fact and no query.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import structs

from ingestion_service.model.fact import FACT_TYPES, Fact
from ingestion_service.model.source import Source
from ingestion_service.model.verdict import Reason
from ingestion_service.ports import Entry, UnitOfWork
from ingestion_service.rules.composing import corrected
from ingestion_service.rules.judging import RELEASABLE_CODES, Arrival, Bench, judge_read
from ingestion_service.rules.reading import read
from ingestion_service.rules.recoding import aliases, end_of
from ingestion_service.rules.retracting import replaced_by

OF_CODES: Final = frozenset(
    {
        Reason.OLD_REGISTRATION_NUMBER,
        Reason.WRONG_LENGTH,
        Reason.WRONG_ALPHABET,
        Reason.WRONG_CHECK_DIGIT,
        Reason.LEGACY_PILOT,
    }
)
"""Reasons that a known old code explains."""
_RECODED: Final = FACT_TYPES["creditloop.registration.recoded.v1"].number

Sent = Mapping[tuple[int, str], str]
"""The codes that facts were sent under, by the facts' keys."""


async def under_new_codes(facts: Sequence[Fact], at_ms: int, tx: UnitOfWork) -> tuple[Sequence[Fact], Sent]:
    """The facts with known old codes under the codes of today, originals unchanged; and the codes they came under.

    What tells of a new code stays under the code it names: were that wrong, it could not be taken back otherwise.

    Args:
        facts: Judged facts.
        at_ms: Now, milliseconds since the epoch.
        tx: The transaction.
    """
    doubtful = {fact.uscc for fact in facts if fact.reason in OF_CODES and fact.type_number != _RECODED}
    told = await tx.codes.current(doubtful) if doubtful else {}
    recoded = tx.codes.recoded
    if not told and not recoded:
        return facts, {}
    now = [
        _under(fact, code, at_ms, tx)
        if (code := told.get(fact.uscc) or recoded.get(fact.uscc)) and fact.type_number != _RECODED
        else fact
        for fact in facts
    ]
    sent = {fact.key: fact.uscc for fact, after in zip(facts, now, strict=True) if after.uscc != fact.uscc}
    return now, sent


def _under(fact: Fact, code: str, at_ms: int, tx: UnitOfWork) -> Fact:
    """An accepted fact has all but its code; one held for its code is judged again."""
    code = end_of(code, tx.codes.recoded)
    if fact.reason not in OF_CODES:
        return structs.replace(fact, uscc=code)
    line = corrected(fact.original, subject=code, time=None, data=None)
    senders = {fact.source: Source(fact.source_id, fact.source)}
    bench = Bench(senders, tx.codes.latest_ms(at_ms), RELEASABLE_CODES)
    judged = judge_read([Arrival(read(line), line, fact.traceparent)], bench)[0]
    return structs.replace(judged, original=fact.original) if isinstance(judged, Fact) else fact


async def keep_codes(new: Sequence[Entry], sent: Sent, tx: UnitOfWork) -> None:
    """What these newly accepted facts tell of codes is known, and under which code they were sent.

    What a fact taught that they retract or supersede is forgotten.

    Args:
        new: Entries that the ledger did not have, or had as quarantined.
        sent: Codes of `under_new_codes`.
        tx: The transaction.
    """
    facts = [entry.fact for entry in new if entry.payload is not None]
    if sent:
        keys = {fact.key for fact in facts}
        if kept := {key: code for key, code in sent.items() if key in keys}:
            await tx.codes.sent_under(kept)
    replaced = {key for fact in facts for key in replaced_by(fact)}
    if replaced:
        await tx.codes.forget(replaced)
    if told := [alias for alias in aliases(facts) if (alias.source_id, alias.fact_id) not in replaced]:
        await tx.codes.learn(told)
