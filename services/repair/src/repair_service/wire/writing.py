"""What repair says, written as protobuf."""

from datetime import date

from contracts.repair import v1_pb2 as repair
from eventbus import Outgoing
from google.protobuf.message import Message
from vocabulary.uscc import USCC

from repair_service.model import Event, NoticeDue, Opening, RecordStopped

_EPOCH = date(1970, 1, 1)


def outgoing(event: Event) -> Outgoing:
    """The event as the other services read it, keyed by entity."""
    match event:
        case Opening():
            return _outgoing(event.subject.uscc, _opened(event))
        case NoticeDue():
            return _outgoing(event.opening.subject.uscc, _notice(event))
        case RecordStopped():
            return _outgoing(event.uscc, _stopped(event))


def _outgoing(uscc: USCC, message: Message) -> Outgoing:
    return Outgoing(message.DESCRIPTOR.full_name, uscc, message.SerializeToString())


def _opened(opening: Opening) -> repair.RecordOpened:
    subject, ruled = opening.subject, opening.ruling
    return repair.RecordOpened(
        record_id=subject.record_id,
        uscc=subject.uscc,
        kind=subject.kind,
        tier=ruled.tier,
        rule=ruled.rule,
        published_on_day=_days(ruled.published_on or subject.decided_on),
        apply_from_day=_optional_days(ruled.apply_from),
        stops_on_day=_optional_days(ruled.stops_on),
    )


def _notice(notice: NoticeDue) -> repair.RepairNoticeDue:
    subject, ruled = notice.opening.subject, notice.opening.ruling
    return repair.RepairNoticeDue(
        notice_id=notice.notice_id,
        record_id=subject.record_id,
        uscc=subject.uscc,
        kind=subject.kind,
        document_number=subject.document_number,
        apply_from_day=_optional_days(ruled.apply_from),
        stops_on_day=_optional_days(ruled.stops_on),
        conditions=ruled.conditions,
        citation=ruled.citation,
        issued_on_day=_days(notice.issued_on),
    )


def _stopped(stopped: RecordStopped) -> repair.RecordStopped:
    return repair.RecordStopped(
        stop_id=stopped.stop_id,
        record_id=stopped.record_id,
        uscc=stopped.uscc,
        kind=stopped.kind,
        reason=stopped.stop.reason,
        stopped_on_day=_days(stopped.stop.on),
        recorded_at_ms=stopped.stop.recorded_at_ms,
        citation=stopped.stop.citation,
        was_public=stopped.was_public,
    )


def _days(day: date) -> int:
    return (day - _EPOCH).days


def _optional_days(day: date | None) -> int | None:
    return None if day is None else _days(day)
