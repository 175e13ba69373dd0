"""Protobuf in and out: what concerns no record is passed over, what cannot be read is poison."""

from datetime import date, timedelta
from typing import Any

import pytest
from contracts.ingestion import v1_pb2 as ingestion
from contracts.profiling import v1_pb2 as profiling
from contracts.repair import v1_pb2 as repair
from eventbus import Poison, Received
from google.protobuf.message import Message
from repair_builders import FIRM, FOOD, at, listing, penalty
from repair_service import wire
from repair_service.model import (
    Fact,
    NoticeDue,
    Opening,
    Penalty,
    RecordKind,
    RecordStopped,
    Stop,
    StopOrder,
    StopReason,
)
from repair_service.rules import Law, ruling
from repair_service.wire import reading
from vocabulary import dishonesty
from vocabulary.penalties import PenaltyKind, SeverityGrade

MARCH = date(2026, 3, 1)
DAYS = (MARCH - date(1970, 1, 1)).days


def received(message: Message | bytes) -> Received:
    value = message if isinstance(message, bytes) else message.SerializeToString()
    return Received("t", 0, 0, wire.FACT_ACCEPTED, "s", 1, FIRM, value, 0, "")


def fact(kind: str, **data: Message) -> ingestion.FactAccepted:
    return ingestion.FactAccepted(
        source="penalties",
        fact_id="P-1",
        fact_type=f"creditloop.{kind}.v1",
        uscc=FIRM,
        occurred_at_ms=at(MARCH),
        recorded_at_ms=at(MARCH, hour=5),
        **data,
    )


def read_one(event: ingestion.FactAccepted) -> Fact:
    """The one thing that the event says."""
    told = wire.fact_accepted(received(event))
    assert told is not None
    (only,) = told
    return only


def test_a_penalty_is_read_whole() -> None:
    """Every field that the law looks at."""
    said = ingestion.PenaltyImposed(
        document_number="No. P-1",
        kinds=["fine", "warning"],
        fine_fen=5,
        severity="lighter",
        key_field="food",
        violation="v",
        restriction_until_day=DAYS + 1,
    )

    read = read_one(fact("penalty.imposed", penalty_imposed=said))

    assert read == penalty(
        "P-1",
        MARCH,
        PenaltyKind.FINE,
        PenaltyKind.WARNING,
        fine_fen=5,
        grade=SeverityGrade.LIGHTER,
        key_field=FOOD,
        violation="v",
        restriction_until=date(2026, 3, 2),
    )


def test_a_penalty_published_later_than_decided_keeps_both_days() -> None:
    """Periods count from publicity, the regime from the decision."""
    said = ingestion.PenaltyImposed(kinds=["fine"], published_on_day=DAYS + 9)

    read = read_one(fact("penalty.imposed", penalty_imposed=said))

    assert isinstance(read, Penalty)
    assert (read.decided_on, read.published_on) == (MARCH, date(2026, 3, 10))


def test_the_day_of_a_decision_is_the_day_in_china() -> None:
    """23:00 UTC is already tomorrow in Chengdu, and may be another regime."""
    late = fact("listing.entered", listing_entered=ingestion.ListingEntered(list="abnormal"))
    late.occurred_at_ms = at(date(2025, 12, 24), hour=23)

    read = read_one(late)

    assert not isinstance(read, StopOrder)
    assert read.decided_on == date(2025, 12, 25)


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (
            "penalty.annulled",
            {"penalty_annulled": ingestion.PenaltyAnnulled(penalty_fact_id="P-0")},
            (StopReason.ANNULLED, "penalties|P-0", None),
        ),
        (
            "listing.removed",
            {"listing_removed": ingestion.ListingRemoved(list="serious")},
            (StopReason.REMOVED, None, RecordKind.SERIOUS_LISTING),
        ),
        (
            "registration.cancelled",
            {"registration_cancelled": ingestion.RegistrationCancelled()},
            (StopReason.CANCELLED_ENTITY, None, None),
        ),
        (
            "fact.retracted",
            {"fact_retracted": ingestion.FactRetracted(fact_id="P-0")},
            (StopReason.ANNULLED, "penalties|P-0", None),
        ),
    ],
)
def test_facts_that_stop_records_become_orders(
    kind: str, data: dict[str, Message], expected: tuple[StopReason, str | None, RecordKind | None]
) -> None:
    """Each says what it reaches: one record, a list, or everything."""
    read = read_one(fact(kind, **data))

    assert isinstance(read, StopOrder)
    assert (read.reason, read.target, read.kind) == expected


def test_a_fact_that_supersedes_another_says_two_things() -> None:
    """Its own record opens; the other's was public until the correction was recorded."""
    event = fact("penalty.imposed", penalty_imposed=ingestion.PenaltyImposed(kinds=["fine"]))
    event.supersedes, event.recorded_at_ms = "P-0", at(date(2026, 4, 1))

    opened, stopped = wire.fact_accepted(received(event)) or ()

    assert isinstance(opened, Penalty)
    assert isinstance(stopped, StopOrder)
    assert (stopped.target, stopped.ordered_on) == ("penalties|P-0", date(2026, 4, 1))
    assert stopped.key == ("penalties|P-1", True)


def test_a_fact_without_a_record_may_supersede_one_that_has() -> None:
    """A listing sent by mistake may be corrected by something else."""
    event = fact("interview.held", interview_held=ingestion.InterviewHeld())
    event.supersedes = "L-0"

    stopped = read_one(event)

    assert isinstance(stopped, StopOrder)
    assert stopped.target == "penalties|L-0"


_ALTERNATIVES = {field.name for field in ingestion.FactAccepted.DESCRIPTOR.oneofs_by_name["data"].fields}


@pytest.mark.parametrize("alternative", sorted(_ALTERNATIVES - reading._READERS.keys()))
def test_no_type_of_fact_is_poison_for_being_unknown_here(alternative: str) -> None:
    """Ingestion learns new types before repair does."""
    event = fact("x.y")
    getattr(event, alternative).SetInParent()

    assert wire.fact_accepted(received(event)) is None


@pytest.mark.parametrize(
    "broken",
    [
        b"\xff\xff",
        fact("fact.retracted", fact_retracted=ingestion.FactRetracted()),
        fact("penalty.imposed", penalty_imposed=ingestion.PenaltyImposed(kinds=["flogging"])),
        fact("penalty.imposed", penalty_imposed=ingestion.PenaltyImposed(severity="terrible")),
        fact("penalty.imposed", penalty_imposed=ingestion.PenaltyImposed(restriction_until_day=2**31 - 1)),
        fact("penalty.imposed", penalty_imposed=ingestion.PenaltyImposed(fine_fen=-1)),
        fact("penalty.imposed", penalty_imposed=ingestion.PenaltyImposed(document_number="a\0b")),
        fact("penalty.annulled", penalty_annulled=ingestion.PenaltyAnnulled()),
        fact("listing.entered", listing_entered=ingestion.ListingEntered(list="guest")),
        ingestion.FactAccepted(
            source="s", uscc=FIRM, recorded_at_ms=2**62, penalty_imposed=ingestion.PenaltyImposed()
        ),
    ],
)
def test_what_cannot_be_understood_is_poison(broken: Message | bytes) -> None:
    """A guess would decide how long someone is shown in public."""
    with pytest.raises(Poison):
        wire.fact_accepted(received(broken))


def test_other_facts_are_passed_over() -> None:
    """Nineteen in twenty facts concern no record; where few come at once they are read nevertheless."""
    event = fact("complaint.received", complaint_received=ingestion.ComplaintReceived(category="x"))

    assert wire.fact_accepted(received(event)) is None


def test_a_description_is_read() -> None:
    """The area decides who sees a record."""
    said = profiling.EntityDescribed(uscc=FIRM, version=3, name="甲店", area_code="510104")

    read = wire.entity_described(received(said))

    assert read is not None
    assert (read.uscc, read.version, read.name, read.area_code) == (FIRM, 3, "甲店", "510104")


def test_a_description_whose_news_is_not_kept_here_is_passed_over() -> None:
    """Most changes of particulars are of the address, which repair does not keep."""
    told = profiling.EntityDescribed
    moved = told(uscc=FIRM, version=4, name="甲店", changed=[told.ADDRESS_FIELD_NUMBER])
    renamed = told(
        uscc=FIRM, version=5, name="乙店", changed=[told.NAME_FIELD_NUMBER, told.ADDRESS_FIELD_NUMBER]
    )

    assert wire.entity_described(received(moved)) is None
    assert wire.entity_described(received(renamed)) is not None


@pytest.mark.parametrize(
    "broken",
    [
        b"\xff\xff",
        profiling.EntityDescribed(uscc=FIRM, name="a\0b"),
        profiling.EntityDescribed(uscc=FIRM, area_code="\0"),
        profiling.EntityDescribed(uscc="short"),
    ],
)
def test_a_description_that_cannot_be_stored_is_poison(broken: Message | bytes) -> None:
    """It is buried by itself, and does not take its batch along."""
    with pytest.raises(Poison):
        wire.entity_described(received(broken))


def test_events_carry_days_only_where_there_are_days(law: Law) -> None:
    """Absent is not 1970-01-01."""
    entry = listing("L-1", MARCH)
    opening = Opening(entry, ruling(entry, law))

    opened = repair.RecordOpened.FromString(wire.outgoing(opening).value)
    notice = repair.RepairNoticeDue.FromString(
        wire.outgoing(NoticeDue(opening, MARCH + timedelta(days=1))).value
    )

    assert opened.apply_from_day == DAYS
    assert not opened.HasField("stops_on_day")
    assert list(notice.conditions) == ["file_missing_report", "publicise"]
    assert (notice.notice_id, notice.issued_on_day) == ("lists|L-1|notice-1", DAYS + 1)


def test_a_stop_is_told_under_the_key_of_its_entity() -> None:
    """Events of one entity keep their order by that key."""
    stop = Stop(reason=StopReason.EXPIRED, on=MARCH, cause="", recorded_at_ms=9, citation="c")
    stopped = RecordStopped(penalty().record_id, FIRM, RecordKind.PENALTY, stop, was_public=False)

    sent = wire.outgoing(stopped)
    told = repair.RecordStopped.FromString(sent.value)

    assert (sent.type, sent.key) == ("creditloop.repair.v1.RecordStopped", FIRM)
    assert (told.stop_id, told.reason, told.stopped_on_day) == ("penalties|P-1|stop-1", "expired", DAYS)
    assert (told.HasField("was_public"), told.was_public) == (True, False)


def test_every_fact_that_is_read_is_one_of_dishonesty() -> None:
    """Ingestion tells by that list what may be passed over unread: one too few there is a record never opened."""
    read = {f"creditloop.{name.replace('_', '.')}.v1" for name in reading._READERS}

    assert read == dishonesty.FACT_TYPES | {dishonesty.RETRACTION}


@pytest.mark.parametrize(
    "field", list(profiling.EntityDescribed.DESCRIPTOR.fields), ids=lambda field: field.name
)
def test_news_of_what_is_kept_here_is_never_passed_over(field: Any) -> None:
    """An area kept one description too long shows a record to an officer of the wrong area."""
    if field.name in {"uscc", "version", "changed"}:
        return
    before = profiling.EntityDescribed(uscc=FIRM, version=1)
    after = altered(before, field)
    after.changed.append(field.number)
    known, told = wire.entity_described(received(before)), wire.entity_described(received(after))

    assert (told is None) == (wire.entity_described(received(altered(before, field))) == known)


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
