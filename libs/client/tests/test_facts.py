"""What a fact looks like when it is sent, and what cannot be sent."""

import json
from datetime import date, datetime, timedelta, timezone

import pytest
from builders import CODE, WHEN, fact
from creditloop_client import Fact, UnusableFact, new_id
from creditloop_client.facts import write
from hypothesis import given
from hypothesis import strategies as st

SHANGHAI = timezone(timedelta(hours=8))


def test_a_fact_is_a_cloud_event_of_its_source() -> None:
    """Every attribute that ingestion requires, and the correction only where there is one."""
    event = json.loads(write(fact(7, until=date(2026, 12, 31)), "tax").json)

    assert event == {
        "specversion": "1.0",
        "id": "f-7",
        "source": "tax",
        "type": "creditloop.complaint.received.v1",
        "subject": CODE,
        "time": "2026-03-01T09:30:00+00:00",
        "datacontenttype": "application/json",
        "data": {"until": "2026-12-31"},
    }


def test_a_correction_names_what_it_corrects() -> None:
    """`supersedes` is an extension attribute of the CloudEvent."""
    corrected = Fact(fact().type, CODE, WHEN, {}, "f-2", supersedes="f-1")

    assert json.loads(write(corrected, "tax").json)["supersedes"] == "f-1"


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"))))
def test_a_fact_is_one_line_whatever_it_says(data: dict[str, str]) -> None:
    """A spool and a stream keep facts apart by line feeds."""
    line = write(Fact("t", CODE, WHEN, data, "f"), "tax")

    assert b"\n" not in line.json
    assert json.loads(line.json)["data"] == data


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (Fact("t", CODE, WHEN, {}, ""), "id"),
        (Fact("t", CODE, WHEN, {}, "x" * 201), "id"),
        (Fact("t", CODE, WHEN, {}, "a\0b"), "id"),
        (Fact("t", CODE, WHEN.replace(tzinfo=None), {}, "f"), "time"),
        (Fact("t", CODE, WHEN, {"fine_fen": float("nan")}, "f"), "data"),
        (Fact("t", CODE, WHEN, {"name": "\ud800"}, "f"), "data"),
        (Fact("t", CODE, WHEN, {"name": b"bytes"}, "f"), "data"),
    ],
)
def test_what_cannot_be_sent_is_said_before_it_is_sent(made: Fact, field: str) -> None:
    """In a background sender nobody would hear of it later."""
    with pytest.raises(UnusableFact, match=field) as told:
        write(made, "tax")

    assert (told.value.id, told.value.field) == (made.id, field)


def test_the_same_content_has_the_same_id_wherever_it_is_read() -> None:
    """A source without ids of its own may send its whole table again."""
    here = new_id("t", CODE, WHEN, {"a": 1, "b": "二"})
    there = new_id("t", CODE, WHEN.astimezone(SHANGHAI), {"b": "二", "a": 1})

    assert here == there
    assert len(here) <= 200


def test_other_content_has_another_id() -> None:
    """Or a fact would be lost as a duplicate."""
    content = ("t", CODE, WHEN, {"a": 1})
    others = [
        new_id("u", CODE, WHEN, {"a": 1}),
        new_id("t", "x", WHEN, {"a": 1}),
        new_id("t", CODE, WHEN + timedelta(microseconds=1), {"a": 1}),
        new_id("t", CODE, WHEN, {"a": "1"}),
        new_id(*content, part="2"),
    ]

    assert len({new_id(*content), *others}) == 6


def test_an_id_needs_an_instant() -> None:
    """Without an offset the same fact would have another id on another machine."""
    with pytest.raises(UnusableFact, match="offset"):
        new_id("t", CODE, datetime(2026, 3, 1), {})  # noqa: DTZ001 - that is what is refused
