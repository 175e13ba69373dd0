"""What the other services say, read from protobuf."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from contracts.ingestion import v1_pb2 as ingestion
from contracts.profiling import v1_pb2 as profiling
from eventbus import Poison, Received
from google.protobuf.message import DecodeError, Message
from vocabulary.calendar import business_date
from vocabulary.penalties import KeyField, PenaltyKind, SeverityGrade
from vocabulary.uscc import LENGTH, USCC

from repair_service.model import (
    Description,
    Fact,
    Listing,
    Penalty,
    RecordId,
    RecordKind,
    StopOrder,
    StopReason,
)

FACT_ACCEPTED = ingestion.FactAccepted.DESCRIPTOR.full_name
ENTITY_DESCRIBED = profiling.EntityDescribed.DESCRIPTOR.full_name

_KEPT = frozenset(
    {profiling.EntityDescribed.NAME_FIELD_NUMBER, profiling.EntityDescribed.AREA_CODE_FIELD_NUMBER}
)
_EPOCH = date(1970, 1, 1)
_EARLIEST, _LATEST = date(1949, 10, 1), date(2200, 1, 1)
_GRADES = {
    "": SeverityGrade.ORDINARY,  # not said to be light, so not light
    **{grade.value: grade for grade in SeverityGrade},
}
_KINDS = {kind.value: kind for kind in PenaltyKind}
_FIELDS = {"": None, **{field.value: field for field in KeyField}}
_LISTS = {"abnormal": RecordKind.ABNORMAL_LISTING, "serious": RecordKind.SERIOUS_LISTING}
_ZERO = "a text holds the character zero"
_KNOWN = TypeVar("_KNOWN")


def fact_accepted(received: Received) -> Sequence[Fact] | None:
    """What the event says of records; None when it concerns none.

    A fact that supersedes another says two things: what it says itself, and that the other's record stops. Some
    nineteen in twenty facts concern none; where many come at once, the bus passes them over unread.

    Raises:
        Poison: The event cannot be read, or has a code we do not know.
    """
    fact = _parsed(ingestion.FactAccepted, received.value)
    _require_storable(fact.source, fact.fact_id, fact.supersedes)
    read = _READERS.get(fact.WhichOneof("data") or "")
    readers = [read] if read else []
    if fact.supersedes:
        readers.append(_supersession)
    try:
        _business_day(fact.recorded_at_ms)
        return [reader(fact) for reader in readers] or None
    except (ValueError, OverflowError, OSError) as error:
        raise Poison(f"a day out of range: {error}") from error


def entity_described(received: Received) -> Description | None:
    """Who an entity is; None when nothing in it that is kept here is new.

    Raises:
        Poison: The event cannot be read.
    """
    said = _parsed(profiling.EntityDescribed, received.value)
    if said.changed and _KEPT.isdisjoint(said.changed):
        return None
    name, area_code = said.name, said.area_code
    if "\0" in name or "\0" in area_code:
        raise Poison(_ZERO)
    return Description(uscc=_uscc(said.uscc), version=said.version, name=name, area_code=area_code)


_MESSAGE = TypeVar("_MESSAGE", bound=Message)


def _parsed(kind: type[_MESSAGE], value: bytes) -> _MESSAGE:
    try:
        return kind.FromString(value)
    except DecodeError as error:
        raise Poison(f"not a {kind.DESCRIPTOR.full_name}") from error


def _penalty(fact: ingestion.FactAccepted) -> Penalty:
    said = fact.penalty_imposed
    _require_storable(said.document_number, said.authority, said.violation)
    if min(said.fine_fen, said.confiscated_fen) < 0:
        raise Poison("an amount is negative")
    decided_on = _business_day(fact.occurred_at_ms)
    return Penalty(
        record_id=_record_id(fact.source, fact.fact_id),
        uscc=_uscc(fact.uscc),
        decided_on=decided_on,
        published_on=_day(said.published_on_day) if said.HasField("published_on_day") else decided_on,
        occurred_at_ms=fact.occurred_at_ms,
        recorded_at_ms=fact.recorded_at_ms,
        document_number=said.document_number,
        authority=said.authority,
        kinds=frozenset(_known(_KINDS, code, "kind of penalty") for code in said.kinds),
        fine_fen=said.fine_fen,
        confiscated_fen=said.confiscated_fen,
        grade=_known(_GRADES, said.severity, "severity"),
        key_field=_known(_FIELDS, said.key_field, "key field"),
        violation=said.violation,
        restriction_until=_day(said.restriction_until_day)
        if said.HasField("restriction_until_day")
        else None,
    )


def _listing(fact: ingestion.FactAccepted) -> Listing:
    said = fact.listing_entered
    _require_storable(said.reason, said.document_number)
    return Listing(
        record_id=_record_id(fact.source, fact.fact_id),
        uscc=_uscc(fact.uscc),
        kind=_known(_LISTS, said.list, "list"),
        decided_on=_business_day(fact.occurred_at_ms),
        occurred_at_ms=fact.occurred_at_ms,
        recorded_at_ms=fact.recorded_at_ms,
        reason=said.reason,
        document_number=said.document_number,
        restriction_until=_day(said.restriction_until_day)
        if said.HasField("restriction_until_day")
        else None,
    )


def _annulment(fact: ingestion.FactAccepted) -> StopOrder:
    target = fact.penalty_annulled.penalty_fact_id
    if not target:
        raise Poison("an annulment names no penalty")
    return _order(fact, StopReason.ANNULLED, target=_record_id(fact.source, target), kind=None)


def _removal(fact: ingestion.FactAccepted) -> StopOrder:
    said = fact.listing_removed
    kind = _known(_LISTS, said.list, "list")
    target = _record_id(fact.source, said.listing_fact_id) if said.listing_fact_id else None
    return _order(fact, StopReason.REMOVED, target=target, kind=kind)


def _cancellation(fact: ingestion.FactAccepted) -> StopOrder:
    return _order(fact, StopReason.CANCELLED_ENTITY, target=None, kind=None)


def _retraction(fact: ingestion.FactAccepted) -> StopOrder:
    """A penalty or listing retracted was never right, as if annulled; any other fact opened no record."""
    target = fact.fact_retracted.fact_id
    if not target:
        raise Poison("a retraction names no fact")
    return _order(fact, StopReason.ANNULLED, target=_record_id(fact.source, target), kind=None)


def _supersession(fact: ingestion.FactAccepted) -> StopOrder:
    """The record superseded was public until the correction became known, whenever its own fact occurred."""
    target = _record_id(fact.source, fact.supersedes)
    order = _order(fact, StopReason.ANNULLED, target=target, kind=None)
    known_on = _business_day(fact.recorded_at_ms)
    return replace(order, ordered_on=known_on, ordered_at_ms=fact.recorded_at_ms, superseding=True)


def _order(
    fact: ingestion.FactAccepted, reason: StopReason, *, target: RecordId | None, kind: RecordKind | None
) -> StopOrder:
    return StopOrder(
        order_id=f"{fact.source}|{fact.fact_id}",
        uscc=_uscc(fact.uscc),
        target=target,
        kind=kind,
        reason=reason,
        ordered_on=_business_day(fact.occurred_at_ms),
        ordered_at_ms=fact.occurred_at_ms,
        recorded_at_ms=fact.recorded_at_ms,
    )


_READERS: dict[str, Callable[[ingestion.FactAccepted], Fact]] = {
    "penalty_imposed": _penalty,
    "listing_entered": _listing,
    "penalty_annulled": _annulment,
    "listing_removed": _removal,
    "registration_cancelled": _cancellation,
    "fact_retracted": _retraction,
}


def _record_id(source: str, fact_id: str) -> RecordId:
    return RecordId(f"{source}|{fact_id}")


def _known(table: dict[str, _KNOWN], code: str, what: str) -> _KNOWN:
    try:
        return table[code]
    except KeyError:
        raise Poison(f"unknown {what} {code!r}") from None


def _require_storable(*texts: str) -> None:
    """Texts PostgreSQL can hold: it knows no character zero."""
    if any("\0" in text for text in texts):
        raise Poison(_ZERO)


def _uscc(text: str) -> USCC:
    if len(text) != LENGTH or "\0" in text:
        raise Poison(f"not a unified social credit code: {text!r}")
    return USCC(text)


def _business_day(milliseconds: int) -> date:
    return _in_range(business_date(datetime.fromtimestamp(milliseconds / 1000, UTC)))


def _day(days: int) -> date:
    return _in_range(_EPOCH + timedelta(days=days))


def _in_range(day: date) -> date:
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError(day)
    return day
