"""Domain ⇄ protobuf; the only module that knows generated code."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeVar

from contracts.notification import v1_pb2 as notification
from contracts.profiling import v1_pb2 as profiling
from contracts.repair import v1_pb2 as repair
from eventbus import Outgoing, Poison, Received
from google.protobuf.message import DecodeError, Message

from notification_service.model import (
    ClueAnswered,
    Contact,
    DomainEvent,
    NoticeDelivered,
    NoticeFailed,
    RecordStop,
    RepairNotice,
    Severity,
    Signal,
    SignalEnd,
)

REPAIR_NOTICE_DUE: Final = "creditloop.repair.v1.RepairNoticeDue"
RECORD_STOPPED: Final = "creditloop.repair.v1.RecordStopped"
ENTITY_DESCRIBED: Final = "creditloop.profiling.v1.EntityDescribed"
SIGNAL_RAISED: Final = "creditloop.profiling.v1.SignalRaised"
SIGNAL_CLEARED: Final = "creditloop.profiling.v1.SignalCleared"

_EPOCH: Final = date(1970, 1, 1)
_SEVERITIES: Final[Mapping[int, Severity]] = {
    profiling.SIGNAL_SEVERITY_NOTICE: Severity.NOTICE,
    profiling.SIGNAL_SEVERITY_WARNING: Severity.WARNING,
    profiling.SIGNAL_SEVERITY_ALARM: Severity.ALARM,
}
_DESCRIBED: Final = profiling.EntityDescribed
_KEPT: Final = frozenset(
    {_DESCRIBED.NAME_FIELD_NUMBER, _DESCRIBED.STATUS_FIELD_NUMBER, _DESCRIBED.AREA_CODE_FIELD_NUMBER}
)
_M = TypeVar("_M", bound=Message)


def contact(received: Received) -> Contact | None:
    """The description an EntityDescribed carries; None when nothing in it that is kept here is new.

    Raises:
        Poison: it cannot be read, or names no entity or version.
    """
    message = _parsed(profiling.EntityDescribed, received)
    _require(received, uscc=message.uscc, version=message.version)
    if message.changed and _KEPT.isdisjoint(message.changed):
        return None
    return Contact(
        message.uscc,
        message.name,
        message.area_code,
        message.status == profiling.ENTITY_STATUS_CANCELLED,
        message.version,
    )


def signal(received: Received) -> Signal:
    """The signal a SignalRaised carries; a severity not known is taken as the mildest.

    Raises:
        Poison: it cannot be read, or lacks its identifier, entity, family or day.
    """
    message = _parsed(profiling.SignalRaised, received)
    _require(
        received,
        signal_id=message.signal_id,
        uscc=message.uscc,
        family=message.family,
        raised_on_day=message.raised_on_day,
    )
    return Signal(
        message.signal_id,
        message.uscc,
        message.family,
        _SEVERITIES.get(message.severity, Severity.NOTICE),
        tuple(message.evidence),
        _day(message.raised_on_day),
        tuple(message.platforms),
    )


def signal_end(received: Received) -> SignalEnd:
    """The end of a signal that a SignalCleared tells of.

    Raises:
        Poison: it cannot be read, or lacks its identifier, entity, family or day.
    """
    message = _parsed(profiling.SignalCleared, received)
    _require(
        received,
        signal_id=message.signal_id,
        uscc=message.uscc,
        family=message.family,
        cleared_on_day=message.cleared_on_day,
    )
    return SignalEnd(message.signal_id, message.uscc, message.family, _day(message.cleared_on_day))


def repair_notice(received: Received) -> RepairNotice:
    """The notice a RepairNoticeDue asks for.

    Raises:
        Poison: it cannot be read, or lacks its identifier, entity, kind, citation or day.
    """
    message = _parsed(repair.RepairNoticeDue, received)
    _require(
        received,
        notice_id=message.notice_id,
        uscc=message.uscc,
        kind=message.kind,
        citation=message.citation,
        issued_on_day=message.issued_on_day,
    )
    return RepairNotice(
        message.notice_id,
        message.uscc,
        message.kind,
        message.document_number,
        _day(message.apply_from_day) if message.HasField("apply_from_day") else None,
        _day(message.stops_on_day) if message.HasField("stops_on_day") else None,
        tuple(message.conditions),
        message.citation,
        _day(message.issued_on_day),
    )


def record_stop(received: Received) -> RecordStop:
    """The end of publicity a RecordStopped tells of; one that does not say whether it was public, was.

    Raises:
        Poison: it cannot be read, or lacks its identifier, entity, kind, reason, citation or day.
    """
    message = _parsed(repair.RecordStopped, received)
    _require(
        received,
        stop_id=message.stop_id,
        uscc=message.uscc,
        kind=message.kind,
        reason=message.reason,
        citation=message.citation,
        stopped_on_day=message.stopped_on_day,
    )
    return RecordStop(
        message.stop_id,
        message.uscc,
        message.kind,
        message.reason,
        _day(message.stopped_on_day),
        message.citation,
        message.was_public if message.HasField("was_public") else True,
    )


def outgoing(event: DomainEvent) -> Outgoing:
    """The event as it is published, keyed by its entity."""
    message = _encoders[type(event)](event)
    return Outgoing(message.DESCRIPTOR.full_name, event.uscc, message.SerializeToString())


def _notice_delivered(event: NoticeDelivered) -> Message:
    return notification.NoticeDelivered(
        notice_id=event.notice_id,
        uscc=event.uscc,
        template=event.template,
        channel=event.channel,
        delivered_at_ms=_milliseconds(event.delivered_at),
    )


def _notice_failed(event: NoticeFailed) -> Message:
    return notification.NoticeFailed(
        notice_id=event.notice_id,
        uscc=event.uscc,
        channel=event.channel,
        error=event.error,
        attempts=event.attempts,
    )


def _clue_answered(event: ClueAnswered) -> Message:
    return notification.ClueAnswered(
        clue_id=event.clue_id,
        uscc=event.uscc,
        platform=event.platform,
        action=event.action,
        remark=event.remark,
        answered_at_ms=_milliseconds(event.answered_at),
    )


_encoders: Final[Mapping[type, Callable[..., Message]]] = {
    NoticeDelivered: _notice_delivered,
    NoticeFailed: _notice_failed,
    ClueAnswered: _clue_answered,
}


def _parsed(kind: type[_M], received: Received) -> _M:
    message = kind()
    try:
        message.ParseFromString(received.value)
    except DecodeError as error:
        raise Poison(f"{received.type} cannot be read: {error}") from error
    return message


def _require(received: Received, **fields: object) -> None:
    if empty := [name for name, value in fields.items() if not value]:
        raise Poison(f"{received.type} without {', '.join(empty)}")


def _day(days: int) -> date:
    try:
        return _EPOCH + timedelta(days=days)
    except OverflowError as error:
        raise Poison(f"no such day: {days}") from error


def _milliseconds(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() * 1000)
