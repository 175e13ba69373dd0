"""Protobuf in and out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from contracts.notification import v1_pb2 as notification
from contracts.profiling import v1_pb2 as profiling
from contracts.repair import v1_pb2 as repair
from eventbus import Poison, Received
from google.protobuf.message import Message
from notification_service import wire
from notification_service.model import ClueAnswered, NoticeDelivered, NoticeFailed, Severity

AT = datetime(2026, 3, 2, 1, 2, 3, 456000, tzinfo=UTC)


def received(message: Message) -> Received:
    name = message.DESCRIPTOR.full_name
    return Received("t", 0, 0, name, "s", 1, "u", message.SerializeToString(), 0, "")


def test_days_that_are_absent_are_not_days_of_1970() -> None:
    """An optional day that is not set means there is none."""
    message = repair.RepairNoticeDue(
        notice_id="n", uscc="u", kind="penalty", citation="c", issued_on_day=20514, stops_on_day=20520
    )

    due = wire.repair_notice(received(message))

    assert (due.issued_on, due.apply_from, due.stops_on) == (date(2026, 3, 2), None, date(2026, 3, 8))


def test_a_description_and_a_signal_are_read() -> None:
    """Field by field, as the contract has them."""
    contact = wire.contact(
        received(
            profiling.EntityDescribed(uscc="u", version=2, name="n", status=profiling.ENTITY_STATUS_CANCELLED)
        )
    )
    signal = wire.signal(
        received(
            profiling.SignalRaised(
                signal_id="g",
                uscc="u",
                family="listed",
                severity=profiling.SIGNAL_SEVERITY_ALARM,
                raised_on_day=1,
            )
        )
    )

    ended = wire.signal_end(
        received(profiling.SignalCleared(signal_id="g", uscc="u", family="listed", cleared_on_day=20514))
    )

    assert (contact.name, contact.cancelled, contact.version) == ("n", True, 2)
    assert (ended.signal_id, ended.cleared_on) == ("g", date(2026, 3, 2))
    assert (signal.severity, signal.family) == (Severity.ALARM, "listed")


@pytest.mark.parametrize(
    ("said", "meant"), [({}, True), ({"was_public": True}, True), ({"was_public": False}, False)]
)
def test_a_stop_that_does_not_say_so_was_public(said: dict[str, bool], meant: bool) -> None:  # noqa: FBT001
    """Events of before the field was added are about records that were: their letters must still go out."""
    message = repair.RecordStopped(
        stop_id="s", uscc="u", kind="penalty", reason="expired", stopped_on_day=20514, citation="c", **said
    )

    assert wire.record_stop(received(message)).was_public is meant


@pytest.mark.parametrize(
    ("decode", "message"),
    [
        (wire.contact, profiling.EntityDescribed(uscc="u")),
        (wire.signal, profiling.SignalRaised(uscc="u")),
        (wire.signal_end, profiling.SignalCleared(uscc="u")),
        (wire.repair_notice, repair.RepairNoticeDue(notice_id="n", uscc="u")),
        (wire.record_stop, repair.RecordStopped(uscc="u")),
    ],
)
def test_an_event_without_what_matters_is_poison(decode: Any, message: Message) -> None:
    """It becomes a dead letter that a person can mend, not a letter with holes."""
    with pytest.raises(Poison, match="without"):
        decode(received(message))


def test_bytes_that_are_no_message_are_poison() -> None:
    """The stage must not stop for one broken record."""
    broken = Received("t", 0, 0, wire.SIGNAL_RAISED, "s", 1, "u", b"\xff\xff", 0, "")

    with pytest.raises(Poison, match="cannot be read"):
        wire.signal(broken)


def test_a_day_that_does_not_exist_is_poison() -> None:
    """A producer's slip in one event must not end the process."""
    message = profiling.SignalRaised(signal_id="g", uscc="u", family="listed", raised_on_day=2**31 - 1)

    with pytest.raises(Poison, match="no such day"):
        wire.signal(received(message))


def test_events_go_out_keyed_by_their_entity() -> None:
    """The key keeps an entity's events in order."""
    delivered = wire.outgoing(NoticeDelivered("n", "u", "t@1", "outbox_folder", AT))
    failed = wire.outgoing(NoticeFailed("n", "u", "outbox_folder", "e", 3))
    answered = wire.outgoing(ClueAnswered("c", "u", "p", "warned", "r", AT))

    assert notification.NoticeDelivered.FromString(delivered.value).delivered_at_ms == 1772413323456
    assert notification.NoticeFailed.FromString(failed.value).attempts == 3
    assert notification.ClueAnswered.FromString(answered.value).action == "warned"
    assert {event.key for event in (delivered, failed, answered)} == {"u"}
    assert answered.type == "creditloop.notification.v1.ClueAnswered"


def test_a_description_whose_news_is_not_kept_here_is_passed_over() -> None:
    """Letters are addressed by name and area; where an entity moved within them is nothing new."""
    told = profiling.EntityDescribed
    moved = told(uscc="u", version=4, name="n", changed=[told.ADDRESS_FIELD_NUMBER])
    cancelled = told(uscc="u", version=5, name="n", changed=[told.STATUS_FIELD_NUMBER])

    assert wire.contact(received(moved)) is None
    assert wire.contact(received(cancelled)) is not None


@pytest.mark.parametrize(
    "field", list(profiling.EntityDescribed.DESCRIPTOR.fields), ids=lambda field: field.name
)
def test_news_of_what_is_kept_here_is_never_passed_over(field: Any) -> None:
    """A letter to a name or an area that was left is a letter to nobody."""
    if field.name in {"uscc", "version", "changed"}:
        return
    before = profiling.EntityDescribed(uscc="u", version=1)
    after = altered(before, field)
    after.changed.append(field.number)
    known, told = wire.contact(received(before)), wire.contact(received(after))

    assert (told is None) == (wire.contact(received(altered(before, field))) == known)


def altered(said: profiling.EntityDescribed, field: Any) -> profiling.EntityDescribed:
    """The same with another value of one field."""
    after = profiling.EntityDescribed.FromString(said.SerializeToString())
    if field.is_repeated:
        getattr(after, field.name).append("x")
    elif field.type == field.TYPE_STRING:
        setattr(after, field.name, "x")
    else:
        setattr(after, field.name, 4)
    return after
