"""Judges CloudEvents: facts for the ledger (accepted or quarantined), or rejections their sender is told of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from msgspec import Struct
from vocabulary.uscc import UsccVerdict, check_many, normalise

from ingestion_service.model.data import Data
from ingestion_service.model.fact import FACT_TYPES, UNKNOWN_TYPE, Event, Fact, FactType
from ingestion_service.model.source import Source
from ingestion_service.model.verdict import Outcome, Problem, Reason, Verdict
from ingestion_service.rules.content import check
from ingestion_service.rules.reading import Read, Unreadable, Unusable, read
from ingestion_service.rules.values import EARLIEST_DAY

_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_DAY_MS: Final = 86_400_000
_EARLIEST_MS: Final = (EARLIEST_DAY - date(1970, 1, 1)).days * _DAY_MS
_TYPE_OF_CLASS: Final[Mapping[type[Event], FactType]] = {known.event: known for known in FACT_TYPES.values()}
_REASON_OF_CODE: Final[Mapping[int, Reason]] = {
    UsccVerdict.LEGACY_PILOT: Reason.LEGACY_PILOT,
    UsccVerdict.WRONG_CHECK_DIGIT: Reason.WRONG_CHECK_DIGIT,
    UsccVerdict.WRONG_LENGTH: Reason.WRONG_LENGTH,
    UsccVerdict.OLD_REGISTRATION_NUMBER: Reason.OLD_REGISTRATION_NUMBER,
    UsccVerdict.WRONG_ALPHABET: Reason.WRONG_ALPHABET,
}
VALID_CODES: Final = frozenset({int(UsccVerdict.VALID)})
RELEASABLE_CODES: Final = frozenset({int(UsccVerdict.VALID), int(UsccVerdict.LEGACY_PILOT)})
"""Codes of early pilots are legal, though their check character fails: a person lets them pass."""
_USCC_LENGTH: Final = 18
_LONGEST_KEPT_CODE: Final = 64
_LONGEST_REASON: Final = 200

Judged = Fact | Verdict


class Bench(NamedTuple):
    """What facts are judged by.

    Attributes:
        senders: The sources whose facts may come this way, by name.
        latest_ms: The last instant at which something may already have happened, milliseconds since the epoch.
        usable_codes: What a subject may be, seen as a USCC; a person may release what is not simply valid.
    """

    senders: Mapping[str, Source]
    latest_ms: int
    usable_codes: Collection[int] = VALID_CODES


def judge(lines: Sequence[bytes], bench: Bench, traceparent: str = "") -> list[Judged]:
    """One fact or rejection for each CloudEvent, in order."""
    return judge_read([Arrival(read(line), line, traceparent) for line in lines], bench)


class Arrival(Struct, frozen=True, gc=False):
    """A CloudEvent as read and as it came, with the trace context of the request or record that brought it."""

    item: Read
    line: bytes
    traceparent: str


def judge_read(arrivals: Sequence[Arrival], bench: Bench) -> list[Judged]:
    """The same for CloudEvents that are read already."""
    codes: list[int] = check_many([_subject(arrival.item) for arrival in arrivals]).tolist()
    latest = date.fromordinal(_EPOCH_ORDINAL + bench.latest_ms // _DAY_MS)
    return [_judge_one(arrival, code, bench, latest) for arrival, code in zip(arrivals, codes, strict=True)]


def _subject(item: Read) -> str:
    if isinstance(item, Unreadable):
        return ""
    return (item.event if isinstance(item, Unusable) else item).subject or ""


def _judge_one(arrival: Arrival, code: int, bench: Bench, latest: date) -> Judged:
    item = arrival.item
    if isinstance(item, Unreadable):
        return Verdict(item.id, Outcome.REJECTED, problems=(item.problem,))
    event, unusable = (item.event, item.reason) if isinstance(item, Unusable) else (item, None)
    sender = bench.senders.get(event.source)
    known = _TYPE_OF_CLASS[type(event)]
    if sender is None or not sender.may_send(known.name):
        return _refused(event, "source" if sender is None else "type")
    says = check(event, latest)
    if isinstance(says, Problem):
        return Verdict(event.id, Outcome.REJECTED, problems=(says,))
    occurred_ms = 0 if event.time is None else (event.time - _EPOCH) // _MILLISECOND
    if code in bench.usable_codes and unusable is None and isinstance(says, Data):
        reason = None if _EARLIEST_MS <= occurred_ms <= bench.latest_ms and event.time else _bad_time(event)
    else:
        reason = _reason(event, code, says if isinstance(says, Reason) else unusable)
    return Fact(
        source_id=sender.id,
        source=sender.name,
        id=event.id,
        type=known.name,
        type_number=known.number,
        uscc=_code_of(event.subject or ""),
        occurred_at_ms=occurred_ms,
        says=None if reason or isinstance(says, Reason) else says,
        supersedes=event.supersedes or "",
        reason=reason or "",
        original=arrival.line,
        traceparent=arrival.traceparent,
    )


def _reason(event: Event, code: int, unusable: Reason | None) -> Reason:
    """The first of what is wrong: who, then when, then what."""
    if not (event.subject or "").strip():
        return Reason.SUBJECT_MISSING
    of_code = _REASON_OF_CODE.get(code)
    return of_code or (Reason.TIME_MISSING if event.time is None else unusable) or Reason.IMPOSSIBLE_DATE


def _bad_time(event: Event) -> Reason:
    return Reason.TIME_MISSING if event.time is None else Reason.IMPOSSIBLE_DATE


def _refused(event: Event, field: str) -> Verdict:
    problem = {"source": "is not a source that may send here", "type": "is not taken from this source"}[field]
    expected = {"source": "the source your key belongs to", "type": "a type this source is registered for"}[
        field
    ]
    return Verdict(event.id, Outcome.REJECTED, "forbidden", (Problem(field, problem, expected),))


def _code_of(subject: str) -> str:
    if len(subject) == _USCC_LENGTH and subject.isascii():
        return subject.upper()
    return normalise(subject)[:_LONGEST_KEPT_CODE]


def keep_rejected(arrival: Arrival, verdict: Verdict, senders: Mapping[str, Source]) -> Fact | None:
    """A rejected CloudEvent as a quarantined fact, where nobody can be answered; None when it has no key."""
    item = arrival.item
    found = item if isinstance(item, Unreadable) else _as_unreadable(item, verdict.problems[0])
    sender = senders.get(found.source or "")
    if sender is None or found.id is None:
        return None
    known = FACT_TYPES.get(found.type)
    return Fact(
        source_id=sender.id,
        source=sender.name,
        id=found.id,
        type=found.type,
        type_number=known.number if known else UNKNOWN_TYPE,
        uscc=_code_of(found.subject),
        occurred_at_ms=0,
        says=None,
        reason=f"rejected:{found.problem.field}"[:_LONGEST_REASON],
        original=arrival.line,
        traceparent=arrival.traceparent,
    )


def _as_unreadable(item: Event | Unusable, problem: Problem) -> Unreadable:
    event = item.event if isinstance(item, Unusable) else item
    return Unreadable(event.id, event.source, _TYPE_OF_CLASS[type(event)].name, event.subject or "", problem)
