"""Accepted, quarantined or rejected: what decides, without any I/O."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ingestion_builders import LATEST_MS, OTHER_USCC, PENALTIES, PILOT, SAYS, USCC, bench, event, fact, line
from ingestion_service.model.fact import TYPE_OF_NUMBER, Fact
from ingestion_service.model.source import Source
from ingestion_service.model.verdict import Outcome, Verdict
from ingestion_service.rules.composing import compose, corrected
from ingestion_service.rules.judging import Arrival, judge, keep_rejected
from ingestion_service.rules.reading import read
from vocabulary.penalties import PenaltyKind, SeverityGrade

SEVERITIES = "one of mitigated, lighter, ordinary, heavier"
KINDS = f"one or more of {', '.join(PenaltyKind)}"


def judge_one(raw: bytes, *sources: Source) -> Fact | Verdict:
    return judge([raw], bench(*sources))[0]


def rejected_field(raw: bytes) -> str:
    verdict = judge_one(raw)
    assert isinstance(verdict, Verdict), verdict
    assert verdict.verdict is Outcome.REJECTED
    return verdict.problems[0].field


def test_numbers_of_fact_types_never_change() -> None:
    """They are stored: reordering them would rewrite history."""
    assert TYPE_OF_NUMBER[1].name == "creditloop.registration.recorded.v1"
    assert TYPE_OF_NUMBER[7].name == "creditloop.penalty.imposed.v1"
    assert TYPE_OF_NUMBER[14].name == "creditloop.suspension.ended.v1"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subject": None}, "subject_missing"),
        ({"subject": "   "}, "subject_missing"),
        ({"subject": "510104000012345"}, "uscc_old_registration_number"),
        ({"subject": "91510104YY000009XM"}, "uscc_wrong_check_digit"),
        ({"subject": PILOT}, "uscc_legacy_pilot"),
        ({"subject": "91510104YY"}, "uscc_wrong_length"),
        ({"subject": "91510104YY000001IM"}, "uscc_wrong_alphabet"),
        ({"time": None}, "time_missing"),
        ({"time": "2026-02-30T00:00:00Z"}, "impossible_date"),
        ({"time": "2099-01-01T00:00:00Z"}, "impossible_date"),
        ({"time": "0001-01-01T00:00:00+23:59"}, "impossible_date"),
        ({"time": "9999-12-31T23:59:59-23:59"}, "impossible_date"),
        ({"data": {"kinds": ["fine"], "published_on": "2026-13-01"}}, "impossible_date"),
        ({"time": "1949-09-30T00:00:00Z"}, "impossible_date"),
        ({"data": {"kinds": ["fine"], "published_on": "1949-09-30"}}, "impossible_date"),
        ({"data": {"kinds": ["fine"], "restriction_until": "2200-01-02"}}, "impossible_date"),
        ({"data": {"kinds": ["fine"], "restriction_until": "1949-09-30"}}, "impossible_date"),
        (
            {
                "type": "creditloop.listing.entered.v1",
                "data": {"list": "serious", "reason": "food_safety", "restriction_until": "9999-12-30"},
            },
            "impossible_date",
        ),
        ({"type": "creditloop.suspension.declared.v1", "data": {"until": "9999-12-31"}}, "impossible_date"),
        (
            {
                "type": "creditloop.registration.recorded.v1",
                "data": {"name": "x", "established_on": "2100-01-01"},
            },
            "impossible_date",
        ),
        (
            {"type": "creditloop.registration.recorded.v1", "data": {"name": "x", "area_code": "110101"}},
            "unknown_area",
        ),
        (
            {"type": "creditloop.registration.changed.v1", "data": {"field": "area_code", "after": "999"}},
            "unknown_area",
        ),
    ],
)
def test_a_fact_that_cannot_be_used_as_it_is_is_quarantined(changes: dict[str, Any], reason: str) -> None:
    """A person may still know what was meant; dropping it would lose a penalty."""
    raw = line(**changes)

    judged = judge_one(raw)

    assert isinstance(judged, Fact), judged
    assert (judged.reason, judged.original, judged.says) == (reason, raw, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"id": ""}, "id"),
        ({"id": "x" * 201}, "id"),
        ({"specversion": "0.3"}, "specversion"),
        ({"type": "creditloop.unknown.v1"}, "type"),
        ({"type": None}, "type"),
        ({"source": "another"}, "source"),
        ({"data": None}, "data"),
        ({"data": []}, "data"),
        ({"time": "yesterday"}, "time"),
        ({"time": "2026-03-01T09:30:00"}, "time"),
        ({"subject": 1}, "subject"),
        ({"data": {"kinds": ["fine"], "fine_fen": -1}}, "data.fine_fen"),
        ({"data": {"kinds": ["fine"], "fine_fen": "12"}}, "data.fine_fen"),
        ({"data": {"kinds": ["flogging"]}}, "data.kinds[0]"),
        ({"data": {"kinds": ["fine"], "fine": 12}}, "data.fine"),
        ({"data": {"kinds": ["fine"], "published_on": "3 March"}}, "data.published_on"),
        ({"data": {"kinds": ["fine"], "violation": "a\0b"}}, "data.violation"),
        ({"id": "a\0b"}, "id"),
        (
            {"type": "creditloop.listing.entered.v1", "data": {"list": "abnormal", "reason": "because"}},
            "data.reason",
        ),
        (
            {
                "type": "creditloop.registration.changed.v1",
                "data": {"field": "registered_capital_fen", "after": "a million"},
            },
            "data.after",
        ),
        *(
            (
                {
                    "type": "creditloop.registration.changed.v1",
                    "data": {"field": field, "after": after},
                },
                "data.after",
            )
            for field, after in [
                ("registered_capital_fen", str(2**53 + 1)),
                ("industry", "retail"),
                ("industry", ""),
                ("entity_type", "1" * 65),
                ("name", "x" * 501),
                ("name", ""),
                ("address", "x" * 2001),
                ("address", ""),
                ("legal_person_ref", "x" * 201),
                ("area_code", ""),
            ]
        ),
    ],
)
def test_what_is_not_a_fact_is_rejected_field_by_field(changes: dict[str, Any], field: str) -> None:
    """The sender can put it right only when told where it is wrong."""
    assert rejected_field(line(**changes)) == field


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 5000, b'{"id":"\\ud800"}', b"nul"]
)
def test_what_is_not_json_or_no_object_is_rejected(raw: bytes) -> None:
    """Files cut short and binary rubbish come in too."""
    assert rejected_field(raw) == ""


@pytest.mark.parametrize(("opened", "closed"), [(b"[", b"]"), (b'{"a":[', b"]}")])
def test_json_is_judged_however_deep_it_is_nested(opened: bytes, closed: bytes) -> None:
    """What can just be decoded may be too deep to encode again; from Kafka it would have ended the process."""
    as_extension = line(x="@").replace(b'"@"', b'"\\u0000","y":@')
    attributes = {"id": "P-1", "source": "penalties", "type": event()["type"]}

    for depth in range(900 // len(closed), 1001 // len(closed)):
        nested = opened * depth + closed * depth
        whole = line(data="@").replace(b'"@"', nested)
        binary = compose(attributes, nested)
        again = corrected(whole, subject="x", time=None, data=None)
        for raw in (whole, binary, again, as_extension.replace(b"@", nested)):
            assert isinstance(judge_one(raw), Verdict)


@pytest.mark.parametrize(
    ("fact_type", "says"),
    [
        ("creditloop.penalty.imposed.v1", {"kinds": ["licence_revocation"]}),
        ("creditloop.listing.entered.v1", {"list": "abnormal", "reason": "unreachable"}),
    ],
)
@pytest.mark.parametrize(
    ("sent", "kept"),
    [("9999-12-31", "2200-01-01"), ("2200-01-01", "2200-01-01"), ("1949-10-01", "1949-10-01")],
)
def test_a_restriction_without_end_ends_with_the_last_day_there_is(
    fact_type: str, says: dict[str, Any], sent: str, kept: str
) -> None:
    """Registers write 9999-12-31 for bans for life; readers of our events count with days up to 2200."""
    judged = fact(type=fact_type, data={**says, "restriction_until": sent})

    assert judged.says.restriction_until.isoformat() == kept  # type: ignore[union-attr]


def test_a_schema_fault_outweighs_an_impossible_date() -> None:
    """Quarantine is for what a person can put right, not for what its sender must."""
    both = line(time="2026-02-30T00:00:00Z", data={"kinds": ["fine"], "fine_fen": -1})

    assert rejected_field(both) == "data.fine_fen"


def test_a_text_that_speaks_of_backslash_u0000_is_no_null_character() -> None:
    """Free text may hold those six characters."""
    judged = judge_one(line(data={"kinds": ["fine"], "violation": "\\u0000"}))

    assert isinstance(judged, Fact)


def test_codes_are_taken_in_their_one_spelling() -> None:
    """Lower case, spaces and full-width characters are what people type."""
    wide = "９１５１０１０４YY000001XM"

    assert fact(subject=f" {USCC.lower()} ").uscc == USCC
    assert fact(subject=wide).uscc == USCC


def test_former_codes_of_areas_are_taken_in_today_s_spelling() -> None:
    """Downstream each place has one code: today's."""
    moved = fact(type="creditloop.registration.recorded.v1", data={"name": "x", "area_code": "510122"})

    assert moved.says.area_code == "510116"  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", PenaltyKind)
@pytest.mark.parametrize("severity", SeverityGrade)
def test_penalties_keep_the_codes_of_the_vocabulary(kind: str, severity: str) -> None:
    """Every service and every sender names a kind and a severity alike; nothing is translated on the way."""
    fined = fact(data={"kinds": [kind], "severity": severity})

    assert (fined.says.kinds, fined.says.severity) == ([kind], severity)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "field", "expected"),
    [
        ({"kinds": ["fine"], "severity": "terrible"}, "data.severity", SEVERITIES),
        ({"kinds": ["fine"], "severity": ""}, "data.severity", SEVERITIES),
        ({"kinds": ["fine"], "severity": 3}, "data.severity", SEVERITIES),
        ({"kinds": ["fine", "flogging"]}, "data.kinds[1]", KINDS),
        ({"kinds": []}, "data.kinds", KINDS),
        ({}, "data.kinds", KINDS),
    ],
)
def test_an_unknown_kind_or_severity_is_answered_with_the_codes_there_are(
    data: dict[str, Any], field: str, expected: str
) -> None:
    """The sender maps its own words onto ours without looking for them."""
    verdict = judge_one(line(data=data))

    assert isinstance(verdict, Verdict)
    assert verdict.verdict is Outcome.REJECTED
    assert (verdict.problems[0].field, verdict.problems[0].expected) == (field, expected)


def test_a_source_sends_only_the_types_it_is_registered_for() -> None:
    """A complaint line has no say in penalties."""
    complaints_only = Source(1, "penalties", fact_types=frozenset({"creditloop.complaint.received.v1"}))

    verdict = judge_one(line(), complaints_only)

    assert isinstance(verdict, Verdict)
    assert (verdict.reason, verdict.problems[0].field) == ("forbidden", "type")


def test_a_problem_never_repeats_the_value() -> None:
    """It may be personal data, and problems are logged."""
    verdict = judge_one(line(data={"kinds": ["张三 510104199001011234"]}))

    assert isinstance(verdict, Verdict)
    assert "510104199001011234" not in msgspec.json.encode(verdict).decode()


def test_rejected_facts_of_kafka_are_kept_where_their_key_can_be_read() -> None:
    """Nobody can be answered there."""
    raw = line(data={"kinds": []})
    arrival = Arrival(read(raw), raw, "")
    verdict = judge([raw], bench())[0]
    assert isinstance(verdict, Verdict)

    kept = keep_rejected(arrival, verdict, {"penalties": PENALTIES})

    assert kept is not None
    assert (kept.reason, kept.id, kept.original) == ("rejected:data.kinds", "P-1", raw)


def test_binary_mode_says_the_same_as_structured_mode() -> None:
    """Senders choose whichever their library speaks."""
    whole = event()
    attributes = {name: value for name, value in whole.items() if name != "data"}

    judged = judge_one(compose(attributes, msgspec.json.encode(whole["data"])))

    assert judged == judge_one(compose(whole, msgspec.json.encode(whole["data"])))
    assert isinstance(judged, Fact)


def test_data_cannot_smuggle_attributes_in() -> None:
    """In binary mode the body is data and nothing else."""
    smuggled = compose({"id": "1"}, b'{}, "id": "2"')

    assert msgspec.json.decode(smuggled) == {"id": "1"}


def test_a_correction_replaces_only_what_it_names() -> None:
    """The rest must stay as its sender wrote it."""
    fixed = corrected(line(subject="bad"), subject=OTHER_USCC, time=None, data=None)

    assert msgspec.json.decode(fixed) == event(subject=OTHER_USCC)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_members = st.sampled_from(sorted({member for says in SAYS.values() for member in says}))


@settings(max_examples=1500)
@given(st.binary(max_size=200))
def test_any_bytes_get_a_verdict(raw: bytes) -> None:
    """Nothing a sender writes may bring the service down."""
    assert isinstance(judge_one(raw), Verdict)


@settings(max_examples=800, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(SAYS)),
    st.dictionaries(st.sampled_from(["id", "source", "subject", "time", "data", "specversion", "x"]), _json),
    st.dictionaries(_members, _json | st.dates().map(str), max_size=4),
)
@example("creditloop.penalty.imposed.v1", {"time": "2026-02-30T25:61:61Z"}, {"published_on": "0000-00-00"})
def test_any_event_gets_a_verdict(
    fact_type: str, attributes: dict[str, Any], members: dict[str, Any]
) -> None:
    """A fact or a rejection with a reason; never an exception."""
    data = attributes.get("data", {**SAYS[fact_type], **members})
    raw = msgspec.json.encode({**event(type=fact_type), **attributes, "data": data})

    judged = judge_one(raw)

    assert isinstance(judged, Fact) or judged.problems
    if isinstance(judged, Fact) and not judged.reason:
        assert len(judged.uscc) == 18
        assert judged.occurred_at_ms <= LATEST_MS
