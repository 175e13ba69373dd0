"""What cells say, whether a mapping is right, and which column is probably what."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingestion_files import HEADER, MAPPING, row
from ingestion_service.errors import CellRefused, FileRefused
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.model.mapping import CodeTable, Mapping, Unit, Unmapped
from ingestion_service.model.verdict import Problem
from ingestion_service.rules.mapping.cells import Manner, Read, reader
from ingestion_service.rules.mapping.checking import check_mapping, read_mapping
from ingestion_service.rules.mapping.members import Kind, members_of
from ingestion_service.rules.mapping.rows import Refused, RowMapper
from ingestion_service.rules.mapping.suggesting import suggest

CODES = {"罚款": "fine", "不予处罚": ""}


def mapping(**changes: Any) -> Mapping:
    found = read_mapping(json.dumps({**MAPPING, **changes}).encode())
    assert isinstance(found, Mapping), found
    return found


@pytest.mark.parametrize(
    ("kind", "manner", "cell", "read"),
    [
        (Kind.TEXT, Manner(), "  虚构 ", "虚构"),
        (Kind.TEXT, Manner(trim=False), " 虚构 ", " 虚构 "),
        (Kind.TEXT, Manner(empty=frozenset({"无"})), "无", None),
        (Kind.TEXT, Manner(), 510104, "510104"),
        (Kind.TEXT, Manner(), 510104.0, "510104"),
        (Kind.TEXT, Manner(), float("nan"), None),
        (Kind.WHOLE, Manner(), "2,025", 2025),
        (Kind.WHOLE, Manner(), "2025.0", 2025),
        (Kind.AMOUNT, Manner(), "12", 12),
        (Kind.AMOUNT, Manner(unit=Unit.YUAN), "1,234.5", 123_450),
        (Kind.AMOUNT, Manner(unit=Unit.WAN_YUAN), "0.000001", 1),
        (Kind.AMOUNT, Manner(unit=Unit.WAN_YUAN), 1.1, 1_100_000),
        (Kind.AMOUNT, Manner(unit=Unit.YUAN), Decimal("0.01"), 1),
        (Kind.FLAG, Manner(), "是", True),
        (Kind.FLAG, Manner(), 0, False),
        (Kind.DAY, Manner(), "2026年3月1日", "2026-03-01"),
        (Kind.DAY, Manner(), "20260301", "2026-03-01"),
        (Kind.DAY, Manner(), "2026-02-31", "2026-02-31"),
        (Kind.DAY, Manner(), "2026-03-01 09:30", "2026-03-01"),
        (Kind.DAY, Manner(dates=("%d.%m.%Y",)), "01.03.2026", "2026-03-01"),
        (Kind.DAY, Manner(), date(2026, 3, 1), "2026-03-01"),
        (Kind.INSTANT, Manner(), "2026/3/1", "2026-03-01T00:00:00+08:00"),
        (Kind.INSTANT, Manner(), "2026-03-01 9:05", "2026-03-01T09:05:00+08:00"),
        (Kind.INSTANT, Manner(), "2026-03-01T01:30:00Z", "2026-03-01T01:30:00Z"),
        (Kind.INSTANT, Manner(), datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00+00:00"),
        (Kind.CODE, Manner(codes=("fine",)), "fine", "fine"),
        (Kind.CODE, Manner(codes=("fine",), table=CodeTable(CODES)), "罚款", "fine"),
        (Kind.CODE, Manner(codes=("fine",), table=CodeTable(CODES)), "不予处罚", None),
        (Kind.CODE, Manner(codes=("fine",), table=CodeTable(CODES, Unmapped.EMPTY)), "坐牢", None),
        (Kind.TEXT, Manner(table=CodeTable(CODES, Unmapped.LEAVE)), "坐牢", "坐牢"),
        (Kind.TEXT, Manner(is_list=True), "甲、乙；丙", ["甲", "乙", "丙"]),
        (Kind.TEXT, Manner(is_list=True, separator="/"), "甲/乙、丙", ["甲", "乙、丙"]),
        (Kind.TEXT, Manner(is_list=True), ["甲", None, "乙"], ["甲", "乙"]),
        (Kind.TEXT, Manner(is_list=True), "", None),
    ],
)
def test_a_cell_is_read_as_its_place_needs_it(kind: Kind, manner: Manner, cell: object, read: object) -> None:
    """Departments write the same thing in many ways."""
    assert reader(kind, manner)(cell) == read


@pytest.mark.parametrize(
    ("kind", "manner", "cell", "problem"),
    [
        (Kind.WHOLE, Manner(), "二〇二五", "is not a whole number"),
        (Kind.AMOUNT, Manner(), "很多", "is not an amount"),
        (Kind.AMOUNT, Manner(unit=Unit.YUAN), "0.001", "is finer than a fen"),
        (Kind.AMOUNT, Manner(), "9" * 400, "is not an amount"),
        (Kind.FLAG, Manner(), "也许", "is neither yes nor no"),
        (Kind.DAY, Manner(), 45_000, "is a number, not a day"),
        (Kind.DAY, Manner(), "昨天", "is not a day"),
        (Kind.DAY, Manner(), "03/01/2026", "is not a day"),
        (Kind.INSTANT, Manner(), "现在", "is not an instant"),
        (Kind.CODE, Manner(codes=("fine",)), "罚款", "is none of the known values"),
        (Kind.TEXT, Manner(table=CodeTable(CODES)), "坐牢", "is no word of the table of codes"),
        (Kind.TEXT, Manner(), 9.15101e17, "is a number too long to be exact"),
        (Kind.TEXT, Manner(), "#REF!", "is an error of the spreadsheet"),
        (Kind.TEXT, Manner(), "虚\ufffd", "holds a character that cannot be read"),
        (Kind.TEXT, Manner(), {"a": 1}, "is neither text nor a number nor a day"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused(
    kind: Kind, manner: Manner, cell: object, problem: str
) -> None:
    """A guess would become somebody's record."""
    with pytest.raises(CellRefused) as refused:
        reader(kind, manner)(cell)

    assert refused.value.problem == problem
    assert refused.value.expected


@given(cell=st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.none(), st.dates()))
@pytest.mark.parametrize("kind", list(Kind))
def test_no_cell_breaks_the_reader(kind: Kind, cell: object) -> None:
    """Whatever stands in a file, it is read as what a fact may say in JSON, or refused with what would be right."""
    said = _said_or_refused(reader(kind, Manner(codes=("fine",))), cell)

    assert json.loads(json.dumps(said, allow_nan=False)) == said


def _said_or_refused(read: Read, cell: object) -> object:
    try:
        return read(cell)
    except CellRefused as refused:
        return [refused.problem, refused.expected]


@given(fen=st.integers(min_value=0, max_value=10**15))
def test_money_is_exact_in_every_unit(fen: int) -> None:
    """A fen lost in each of a million rows is a scandal."""
    units = {Unit.FEN: Decimal(fen), Unit.YUAN: Decimal(fen) / 100, Unit.WAN_YUAN: Decimal(fen) / 1_000_000}

    read = [reader(Kind.AMOUNT, Manner(unit=unit))(format(value, "f")) for unit, value in units.items()]

    assert read == [fen] * 3


@pytest.mark.parametrize("fact_type", list(FACT_TYPES))
def test_every_member_of_every_type_can_be_mapped(fact_type: str) -> None:
    """A type that is added later must not be forgotten here."""
    known = set(FACT_TYPES[fact_type].data.__struct_fields__)

    assert {place.removeprefix("data.") for place in members_of(fact_type)} - known == {
        "subject",
        "time",
        "id",
    }


def test_a_right_mapping_has_no_fault() -> None:
    """The one in docs/files.md."""
    assert check_mapping(mapping()) == []


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"fact_type": "creditloop.nothing.v1"}, "fact_type", "is not known"),
        ({"columns": {"a": "data.nope"}}, "columns.a", "data.nope is no place of"),
        ({"columns": {**MAPPING["columns"], "b": "subject"}}, "columns.b", "subject is given by column"),
        ({"id": None}, "columns", "nothing gives id"),
        ({"constants": {"id": "1"}}, "constants.id", "is the same for every row"),
        ({"columns": {**MAPPING["columns"], "b": "id"}}, "id", "is built, and a column too"),
        ({"codes": {"data.kinds": {"table": {"罚": "fines"}}}}, "codes.data.kinds.table.罚", "is none of"),
        ({"dates": {"data.kinds": ["%Y-%m-%d"]}}, "dates.data.kinds", "is neither a day nor an instant"),
        ({"dates": {"time": ["%H:%M"]}}, "dates.time", "%H:%M does not tell a day"),
        ({"units": {"data.kinds": "yuan"}}, "units.data.kinds", "is no amount"),
        ({"lists": {"data.fine_fen": "、"}}, "lists.data.fine_fen", "takes one value only"),
        ({"constants": {"data.severity": "huge"}}, "constants.data.severity", "is none of the known values"),
        ({"encoding": "latin-1"}, "encoding", "is not read"),
    ],
)
def test_a_wrong_mapping_names_the_field(changes: dict[str, Any], field: str, problem: str) -> None:
    """Told when it is written, not after a night's load."""
    found = [each for each in check_mapping(mapping(**changes)) if each.field == field]

    assert found, check_mapping(mapping(**changes))
    assert found[0].problem.startswith(problem)
    assert found[0].expected


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"fact_type": "x"}', b'{"fact_type":"x","columns":{},"more":1}', b"\xff"]
)
def test_what_is_no_mapping_is_told_so(body: bytes) -> None:
    """Whatever is sent."""
    assert isinstance(read_mapping(body), Problem)


def test_all_faults_of_a_row_are_told_at_once() -> None:
    """Mending one after the other would take as many uploads."""
    made = RowMapper(mapping(), "penalties", HEADER).event(row(1, kinds="坐牢", fine="多", day="昨天"))

    assert isinstance(made, Refused)
    assert [problem.field for problem in made.problems] == [
        "time",
        "data.published_on",
        "data.kinds",
        "data.fine_fen",
    ]


def test_a_built_id_is_the_same_for_the_same_row_and_never_of_nothing() -> None:
    """Loaded again the row must be a duplicate; rows without a key must not all be one."""
    mapper = RowMapper(mapping(id={"columns": ["文号"], "prefix": "p-"}), "penalties", HEADER)

    first, again = mapper.event(row(1)), mapper.event(row(1, remark="x"))
    nothing = mapper.event(row(1, document=""))

    assert first == again
    assert b'"id":"p-' in first  # type: ignore[operator]
    assert isinstance(nothing, Refused)


def test_a_column_that_is_not_needed_may_be_missing() -> None:
    """Only what is mapped must be there."""
    mapper = RowMapper(mapping(), "penalties", HEADER[:5])

    assert isinstance(mapper.event(row(1)[:5]), bytes)
    with pytest.raises(FileRefused):
        RowMapper(mapping(), "penalties", HEADER[1:])


def test_a_suggestion_does_not_claim_what_it_does_not_know() -> None:
    """A confidence that is always high is worth nothing."""
    good = suggest("creditloop.penalty.imposed.v1", HEADER)
    english = suggest("creditloop.penalty.imposed.v1", ["uscc", "date", "document_number", "kinds", "fine"])
    poor = suggest("creditloop.penalty.imposed.v1", ["甲", "乙", "x1"])

    assert good.confidence > 0.8
    assert (english.missing, english.mapping.units) == ([], {"data.fine_fen": Unit.YUAN})
    assert (poor.confidence, poor.guesses) == (0.0, [])
    assert poor.missing == ["subject", "time", "id", "data.kinds"]
