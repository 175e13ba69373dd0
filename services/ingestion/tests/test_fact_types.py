"""Every type of fact, every member: what is taken, and what is refused by name; all made from what is published."""

import json
from typing import Any

import pytest
from contracts.ingestion.v1_pb2 import FactAccepted
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from ingestion_bad_values import MISSING, members, refused
from ingestion_builders import SAYS, USCC, bench, event, fact, line
from ingestion_service import wire
from ingestion_service.model.fact import FACT_TYPES, TYPE_OF_NUMBER, Fact
from ingestion_service.model.verdict import Outcome, Reason, Verdict
from ingestion_service.rules.judging import judge
from ingestion_service.rules.members import MEMBERS, Member
from ingestion_service.rules.schemas import example_of, schema_of
from msgspec import inspect

TYPES = FACT_TYPES.values()
LAST_DAYS = [
    (known.name, member.name)
    for known in TYPES
    for member in MEMBERS[known.data].values()
    if member.check == "last_day"
]
MONTHS = [
    (known.name, member.name)
    for known in TYPES
    for member in MEMBERS[known.data].values()
    if member.check == "month"
]
DAYS = [
    (known.name, member.name) for known in TYPES for member in MEMBERS[known.data].values() if member.is_day
]
RETRACTED = "creditloop.fact.retracted.v1"
MOVED = "creditloop.registration.moved.v1"


def judged(fact_type: str, changes: dict[str, Any], **attributes: Any) -> Fact | Verdict:
    """The example of the type with members changed, judged."""
    says = {name: value for name, value in {**SAYS[fact_type], **changes}.items() if value is not MISSING}
    return judge([line(type=fact_type, data=says, **attributes)], bench())[0]


def problem(found: Fact | Verdict) -> tuple[str, str]:
    """The field at fault, and what would be right."""
    assert isinstance(found, Verdict), found
    assert found.verdict is Outcome.REJECTED
    return found.problems[0].field, found.problems[0].expected


@pytest.mark.parametrize("known", TYPES, ids=lambda known: known.name)
def test_the_example_of_every_type_is_accepted(known: Any) -> None:
    """It is what the published schema shows senders."""
    found = judge(
        [json.dumps({**example_of(known, SAYS[known.name]), "source": "penalties"}).encode()], bench()
    )[0]

    assert isinstance(found, Fact), found
    assert (found.reason, found.type, found.uscc) == ("", known.name, USCC)


@pytest.mark.parametrize("known", TYPES, ids=lambda known: known.name)
def test_published_schemas_tell_everything(known: Any) -> None:
    """Senders build against them: every member, what it means, and an example."""
    schema = schema_of(known, SAYS[known.name])
    data = schema["$defs"][known.data.__name__]

    assert set(data["properties"]) == set(known.data.__struct_fields__)
    assert all(member["description"] for member in data["properties"].values())
    assert data["additionalProperties"] is False
    assert known.zh in schema["title"]
    assert schema["examples"][0]["data"] == SAYS[known.name]
    assert "supersedes" in schema["$defs"][known.event.__name__]["properties"]


@pytest.mark.parametrize(("fact_type", "member"), members())
def test_a_bad_value_is_refused_with_its_member_named(fact_type: str, member: str) -> None:
    """The sender can put it right only when told where it is wrong."""
    cases = list(refused(fact_type, member))

    told = [(field, value, judged(fact_type, {member: value})) for field, value in cases]

    assert len(cases) > 4
    wrong = [(field, repr(value)[:60], found) for field, value, found in told if problem(found)[0] != field]
    assert not wrong


@pytest.mark.parametrize("fact_type", FACT_TYPES)
def test_an_unknown_member_is_refused_by_name(fact_type: str) -> None:
    """A misspelt member would otherwise be lost without a word."""
    assert problem(judged(fact_type, {"no_such_member": 1}))[0] == "data.no_such_member"


@pytest.mark.parametrize(("fact_type", "member"), members())
def test_a_member_of_codes_is_answered_with_the_codes_there_are(fact_type: str, member: str) -> None:
    """The sender maps its own words onto ours without looking for them."""
    info = MEMBERS[FACT_TYPES[fact_type].data][member]
    if isinstance(info.kind, inspect.EnumType):
        field, expected = problem(judged(fact_type, {member: "no-such-code"}))

        assert (field, expected) == (f"data.{member}", info.codes)
        assert all(code in expected for code in info.kind.cls)


@pytest.mark.parametrize(("fact_type", "member"), DAYS)
@pytest.mark.parametrize("day", ["2026-02-30", "0000-00-00", "1700-01-01", "2300-01-01"])
def test_an_impossible_day_is_quarantined_whatever_its_member_is_called(
    fact_type: str, member: str, day: str
) -> None:
    """A person may still know which day was meant."""
    found = judged(fact_type, {member: day.replace("-01-01", "-02-01")})

    assert isinstance(found, Fact), found
    assert found.reason is Reason.IMPOSSIBLE_DATE


@pytest.mark.parametrize(("fact_type", "member"), LAST_DAYS)
def test_a_last_day_that_never_comes_is_kept_as_the_last_day_there_is(fact_type: str, member: str) -> None:
    """Registers write 9999-12-31 for what has no end (长期); readers count with days up to 2200."""
    found = fact(type=fact_type, data={**SAYS[fact_type], member: "9999-12-31"})

    assert getattr(found.says, member).isoformat() == "2200-01-01"


@pytest.mark.parametrize(("fact_type", "member"), MONTHS)
def test_a_month_is_written_as_its_first_day(fact_type: str, member: str) -> None:
    """Two spellings of one month would be two months."""
    assert problem(judged(fact_type, {member: "2026-02-02"}))[0] == f"data.{member}"


def test_a_fault_outweighs_an_impossible_day_in_another_member() -> None:
    """Quarantine is for what a person can put right, not for what its sender must."""
    entered = "creditloop.listing.entered.v1"

    found = judged(entered, {"reason": "because", "restriction_until": "1900-01-01"})

    assert problem(found)[0] == "data.reason"


@pytest.mark.parametrize("member", ["from_area", "to_area"])
def test_areas_are_checked_where_a_registration_moves_within_the_city(member: str) -> None:
    """Areas of other cities are their registries' business."""
    within, out = (judged(MOVED, {"direction": how, member: "110101"}) for how in ("within", "out"))

    assert isinstance(within, Fact)
    assert within.reason is Reason.UNKNOWN_AREA
    assert isinstance(out, Fact)
    assert not out.reason


def test_a_move_within_the_city_is_kept_with_today_s_codes() -> None:
    """Downstream each place has one code."""
    moved = fact(type=MOVED, data={**SAYS[MOVED], "to_area": "510122"})

    assert moved.says.to_area == "510116"  # type: ignore[union-attr]


def test_a_fact_tells_which_fact_it_supersedes() -> None:
    """A correction of a penalty is the penalty as it should have been sent."""
    corrected = fact("P-2", supersedes="P-1")

    assert FactAccepted.FromString(wire.fact_accepted(corrected, 1)).supersedes == "P-1"
    assert fact("P-2", supersedes="").supersedes == ""


@pytest.mark.parametrize("wrong", [7, [], {}, "x" * 201, "P-1"])
def test_what_cannot_be_superseded_is_refused_by_name(wrong: Any) -> None:
    """A fact that supersedes itself would be gone."""
    assert problem(judge([line(supersedes=wrong)], bench())[0])[0] == "supersedes"


def test_a_retraction_names_another_fact_and_supersedes_none() -> None:
    """One that retracted itself would say nothing; one that supersedes would say two things."""
    assert problem(judged(RETRACTED, {"fact_id": "R-1"}, fact_id="R-1"))[0] == "data.fact_id"
    assert problem(judged(RETRACTED, {}, fact_id="R-1", supersedes="P-9"))[0] == "supersedes"


def test_numbers_of_fact_types_follow_the_contract() -> None:
    """They are stored: reordering them would rewrite history."""
    alternatives = FactAccepted.DESCRIPTOR.oneofs_by_name["data"].fields
    names = [field.message_type.name for field in sorted(alternatives, key=lambda field: field.number)]

    assert names == [TYPE_OF_NUMBER[number].data.__name__ for number in sorted(TYPE_OF_NUMBER)]


@pytest.mark.parametrize("known", TYPES, ids=lambda known: known.name)
def test_classes_and_contract_have_the_same_members(known: Any) -> None:
    """A member that only one of them has would be lost on the way."""
    message = _message(known.data.__name__)

    assert {field.name: _kind_of_field(field) for field in message.fields} == {
        f"{member.name}_day" if member.is_day else member.name: _kind_of_member(member)
        for member in MEMBERS[known.data].values()
    }


@pytest.mark.parametrize("known", TYPES, ids=lambda known: known.name)
def test_every_member_is_written(known: Any) -> None:
    """What a sender said is what every service reads."""
    says = fact(type=known.name).says

    message = FactAccepted.FromString(wire.fact_accepted(fact(type=known.name), 1))

    written = getattr(message, message.WhichOneof("data") or "")
    assert type(written).__name__ == known.data.__name__
    for member in MEMBERS[known.data].values():
        value = getattr(says, member.name)
        if member.is_day:
            told = value.toordinal() - 719163 if value else None
            assert getattr(written, f"{member.name}_day") == (told or 0)
        else:
            assert getattr(written, member.name) == (value if value is not None else 0)


@pytest.mark.parametrize("known", TYPES, ids=lambda known: known.name)
def test_a_fact_that_says_no_more_than_it_must_still_tells_its_type(known: Any) -> None:
    """Readers look at which member of the oneof is set."""
    least = {
        member.name: SAYS[known.name][member.name]
        for member in MEMBERS[known.data].values()
        if member.required
    }

    message = FactAccepted.FromString(wire.fact_accepted(fact(type=known.name, data=least), 1))

    assert message.WhichOneof("data")


def _message(name: str) -> Descriptor:
    return FactAccepted.DESCRIPTOR.file.message_types_by_name[name]


def _kind_of_field(field: FieldDescriptor) -> tuple[str, bool, bool]:
    name = {
        FieldDescriptor.TYPE_STRING: "text",
        FieldDescriptor.TYPE_INT32: "number",
        FieldDescriptor.TYPE_INT64: "large number",
        FieldDescriptor.TYPE_BOOL: "flag",
    }[field.type]
    return name, field.is_repeated, field.has_presence


def _kind_of_member(member: Member) -> tuple[str, bool, bool]:
    kind, repeated = member.kind, isinstance(member.kind, inspect.ListType)
    if isinstance(kind, inspect.IntType):
        name = "large number" if (kind.le or 2**63) >= 2**31 else "number"
    elif member.is_day:
        name = "number"
    else:
        name = "flag" if isinstance(kind, inspect.BoolType) else "text"
    return name, repeated, member.nullable


def test_the_examples_are_events_of_the_builders_too() -> None:
    """Tests, documents and senders share them."""
    assert set(SAYS) == set(FACT_TYPES)
    assert event(type=RETRACTED)["data"] == SAYS[RETRACTED]


def test_a_type_has_the_code_that_profiling_gives_it() -> None:
    """One type of fact has one name on a trail, whichever service wrote it down."""
    codes = {fact_type.name: fact_type.code for fact_type in TYPES}

    assert codes["creditloop.annual-report.filed.v1"] == "annual_report_filed"
    assert len(set(codes.values())) == len(codes)
