"""What is written on the wire is what the contract says."""

from typing import Any

import numpy as np
import pytest
from contracts.ingestion.v1_pb2 import FactAccepted
from contracts.profiling.v1_pb2 import EntityDescribed as Described
from contracts.profiling.v1_pb2 import IndicatorsChanged as Wire
from contracts.repair.v1_pb2 import RecordStopped
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from eventbus import Poison, Received, Unfit
from eventbus.readable import document_of, event_of
from profiling_service import wire
from profiling_service.model.entities import NO_IDENTITY
from profiling_service.model.events import EntityDescribed, IndicatorsChanged
from profiling_service.rules.profiles import RuleBook
from vocabulary.sparse_values import pack, unpack


def received(message: Any) -> Received:
    return Received("t", 0, 0, message.DESCRIPTOR.full_name, "s", 1, "k", message.SerializeToString(), 0, "")


def test_values_are_told_as_they_are_kept() -> None:
    """Neither service spends time on what is zero."""
    values = np.zeros((1, 60), np.float32)
    values[0, [3, 59]] = np.nan, 2.5
    (told,) = pack(values)
    event = IndicatorsChanged(
        "91510104YY000001XM", 2, 2, told, 20_000, 5, "a|b", 1, "510104", "H62", "1130", -3
    )

    outgoing = wire.encode(event)

    message = Wire.FromString(outgoing.value)
    assert outgoing.type == "creditloop.profiling.v1.IndicatorsChanged"
    np.testing.assert_array_equal(unpack([message.sparse_values], 60), values)
    assert (message.profile_version, message.established_on_day, message.cause) == (2, -3, "a|b")


def test_a_description_says_by_number_what_is_new_in_it() -> None:
    """Readers compare with the field numbers of the contract, never with our names."""
    event = EntityDescribed("91510104YY000001XM", 2, 4, NO_IDENTITY, ("status", "address"))

    message = Described.FromString(wire.encode(event).value)

    assert list(message.changed) == [Described.STATUS_FIELD_NUMBER, Described.ADDRESS_FIELD_NUMBER]


@pytest.mark.parametrize(
    "message",
    [
        FactAccepted(source="s", fact_id="1", uscc="91510104YY000001XM"),
        FactAccepted(source="s", fact_id="1", uscc="short", complaint_received={}),
        FactAccepted(
            source="s", fact_id="1", uscc="91510104YY000001XM", occurred_at_ms=2**62, complaint_received={}
        ),
        FactAccepted(source="s\0", fact_id="1", uscc="91510104YY000001XM", complaint_received={}),
    ],
)
def test_what_can_never_be_a_fact_is_poison(book: RuleBook, message: FactAccepted) -> None:
    """It must become a dead letter, not stop the stage."""
    with pytest.raises(Poison):
        wire.FactReader(book.forms)(received(message))


def test_bytes_that_are_no_message_are_poison(book: RuleBook) -> None:
    """A dead letter keeps them for a person to look at."""
    broken = Received("t", 0, 0, wire.FACT_ACCEPTED, "s", 1, "k", b"\xff\xff", 0, "")

    with pytest.raises(Poison):
        wire.FactReader(book.forms)(broken)
    with pytest.raises(Poison):
        wire.record_stopped(broken)


def test_a_product_that_did_not_pass_says_so() -> None:
    """No is an answer; other members without a value stay out, and so does what old events do not say."""
    fact = FactAccepted(product_tested={"field": "drug", "product": "p"})

    said = wire.particulars("quality", fact.SerializeToString())

    assert said == {"field": "drug", "product": "p", "passed": False, "serious": False}
    assert "was_public" not in wire.particulars(wire.REPAIR, RecordStopped(stop_id="s").SerializeToString())


def test_the_class_at_draw_is_never_shown() -> None:
    """A class stays inside, also inside a stored result; the lot and its chance would tell it as well."""
    result = InspectionResultRecorded(
        result_id="R", item="food", class_at_draw="D", stratum="class:D", inclusion_probability=0.6
    )

    assert wire.particulars(wire.SAMPLING, result.SerializeToString()) == {"result_id": "R", "item": "food"}


@pytest.mark.parametrize("type_", [wire.FACT_ACCEPTED, wire.RESULT_RECORDED, wire.RECORD_STOPPED])
def test_every_event_that_is_handled_can_be_read_by_people(type_: str) -> None:
    """A dead letter that only a programmer can read is settled by nobody."""
    assert document_of(type_, b"") is not None


def test_a_fact_corrected_as_people_read_it_is_a_fact_again(book: RuleBook) -> None:
    """A wrong member is mended where it stands, and all the rest stays as it came."""
    wrong = FactAccepted(source="b", fact_id="1", uscc="short", occurred_at_ms=5, recorded_at_ms=6)
    wrong.penalty_imposed.fine_fen = 7
    document = document_of(wire.FACT_ACCEPTED, wrong.SerializeToString())

    assert document is not None
    mended = event_of(wire.FACT_ACCEPTED, document | {"uscc": "91510104YY000001XM"}, b"")

    wrong.uscc = "91510104YY000001XM"
    assert FactAccepted.FromString(mended) == wrong
    with pytest.raises(Unfit) as unfit:
        event_of(wire.FACT_ACCEPTED, document | {"penalty_imposed": {"fine_fen": "much"}}, b"")
    assert unfit.value.args == ("penalty_imposed.fine_fen", "a whole number")
    with pytest.raises(Unfit) as unfit:
        event_of(wire.FACT_ACCEPTED, document | {"penalty_annulled": {}}, b"")
    assert unfit.value.args == ("", "at most one member of each choice")
