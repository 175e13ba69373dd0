"""The contracts: what is heard, what is told, and what can never be read."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from contracts.classification.v1_pb2 import ClassChanged
from contracts.profiling.v1_pb2 import EntityDescribed
from contracts.sampling import v1_pb2 as sampling
from eventbus import Poison, Received
from memory import AREA, TODAY, uscc
from sampling_service import wire
from sampling_service.model import events
from sampling_service.model.tasks import Place, Result, Task

AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TASK = Task(
    task_id="plan-2026-0001-x",
    draw_id="plan-2026-0001",
    uscc=uscc(1),
    year=2026,
    items=("price", "publicity"),
    inspectors=("I1", "I2"),
    note="",
    drawn_on=TODAY,
    due_on=date(2026, 12, 23),
    state="assigned",
    stratum="class:C",
    class_at_draw="C",
    probability=0.25,
    place=Place(AREA, "F52"),
)


def _received(value: bytes) -> Received:
    at_ms = int(AT.timestamp() * 1000)
    return Received("t", 0, 0, "type", "source", 1, uscc(1), value, at_ms, "")


def test_a_class_change_is_read_with_what_the_draw_needs() -> None:
    """An override counts in the observation year, so that there was one must be known."""
    message = ClassChanged(
        uscc=uscc(1),
        change_number=3,
        current=4,
        override_code="x",
        key_supervision_by_law=True,
        business_day=20_000,
    )

    news = wire.class_news(_received(message.SerializeToString()))

    assert (news.risk_class, news.change_number, news.overridden, news.by_law) == ("D", 3, True, True)
    assert news.day == date(2024, 10, 4)


def test_a_description_has_the_business_day_of_its_event() -> None:
    """20:00 UTC is the next day in China."""
    message = EntityDescribed(uscc=uscc(1), version=2, name="Firm", status=2, area_code=AREA)

    described = wire.description(_received(message.SerializeToString()))

    assert (described.status, described.version, described.day) == ("suspended", 2, date(2026, 11, 24))


@pytest.mark.parametrize("read", [wire.class_news, wire.description])
@pytest.mark.parametrize(
    "value", [b"\xff\xff", b"", ClassChanged(uscc="short", change_number=1).SerializeToString()]
)
def test_what_cannot_be_read_is_poison(read, value: bytes) -> None:  # noqa: ANN001
    """A dead letter, not a crash and not a guess."""
    with pytest.raises(Poison):
        read(_received(value))


@pytest.mark.parametrize("read", [wire.class_news, wire.description])
def test_a_value_of_a_later_contract_is_poison(read) -> None:  # noqa: ANN001
    """A class or status we do not know must not pass for one we do."""
    later = {wire.class_news: ClassChanged(uscc=uscc(1), change_number=1, current=9)}
    message = later.get(read) or EntityDescribed(uscc=uscc(1), version=1, status=9)

    with pytest.raises(Poison):
        read(_received(message.SerializeToString()))


def test_a_result_is_told_with_all_the_review_needs() -> None:
    """Class, stratum and probability as of the draw; without them no unbiased rate."""
    result = Result("result-1", TASK, ("corrected",), AT, AT, "", "officer")

    outgoing = wire.outgoing(events.InspectionResultRecorded(result))

    message = sampling.InspectionResultRecorded.FromString(outgoing.value)
    assert outgoing.type == "creditloop.sampling.v1.InspectionResultRecorded"
    assert outgoing.key == message.uscc == uscc(1)
    assert (message.item, message.stratum, message.class_at_draw) == ("price,publicity", "class:C", "C")
    assert (message.inclusion_probability, message.area_code, message.industry) == (0.25, AREA, "F52")
    assert message.occurred_at_ms == AT.timestamp() * 1000
    assert tuple(message.inspector_refs) == TASK.inspectors


def test_every_event_is_told_under_its_full_name_and_key() -> None:
    """Consumers find handlers by the name; order holds by the key."""
    told = [
        events.PoolEntered(uscc(1), "class_d", TODAY),
        events.PoolLeft(uscc(1), "cancelled", TODAY),
        events.DrawPublished("plan-2026-0001", 1, "plan-2026", "00" * 32, 7, TODAY),
        events.InspectionAssigned(replace(TASK, note="n")),
    ]

    outgoing = [wire.outgoing(event) for event in told]

    assert [each.type.rpartition(".")[2] for each in outgoing] == [type(event).__name__ for event in told]
    assert [each.key for each in outgoing] == [uscc(1), uscc(1), "plan-2026-0001", uscc(1)]
