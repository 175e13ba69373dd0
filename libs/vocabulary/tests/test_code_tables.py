"""Every table: provenance, names, and agreement with the code that uses it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import pytest
from vocabulary import areas, entity_types, industries, penalties, result_codes
from vocabulary.code_tables import Row, document, table
from vocabulary.errors import InvalidTableError, UnknownCodeError
from vocabulary.scope.sectors import supervised_sectors

TABLES: Mapping[str, Mapping[str, Row]] = {
    "areas": areas.areas(),
    "sections": industries.sections(),
    "industries": industries.industries(),
    "sectors": industries.sector_names(),
    "supervised sectors": supervised_sectors(),
    "types": entity_types.entity_types(),
    "families": entity_types.families(),
    "statuses": entity_types.statuses(),
    "results": result_codes.results(),
    "publicity results": result_codes.legacy_results(result_codes.LegacyTable.PUBLICITY),
    "double random results": result_codes.legacy_results(result_codes.LegacyTable.DOUBLE_RANDOM),
    "penalty kinds": penalties.penalty_kinds(),
    "grades": penalties.severity_grades(),
    "abnormal reasons": penalties.abnormal_listing_reasons(),
    "serious reasons": penalties.serious_violation_reasons(),
    "key fields": penalties.key_fields(),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_two_names_and_says_how_we_know(name: str) -> None:
    """A fact without a source cannot be corrected."""
    for code, row in TABLES[name].items():
        assert code == row.code
        assert isinstance(row.code, str)
        assert all([row.zh.strip(), row.en.strip(), row.source.strip(), row.confidence])


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("sectors", industries.Sector),
        ("families", entity_types.Family),
        ("statuses", entity_types.Status),
        ("results", result_codes.ResultCode),
        ("penalty kinds", penalties.PenaltyKind),
        ("grades", penalties.SeverityGrade),
        ("key fields", penalties.KeyField),
    ],
)
def test_enumeration_and_table_name_the_same_codes(name: str, codes: type[StrEnum]) -> None:
    """Code branches on the enumeration, people read the table."""
    assert list(TABLES[name]) == [str(code) for code in codes]


def test_a_pack_is_read_once() -> None:
    """Tables are looked up on the hot path."""
    assert document("areas") is document("areas")
    assert areas.areas() is areas.areas()


def test_a_malformed_section_names_itself() -> None:
    """Who edits a pack must see which section is wrong."""
    with pytest.raises(InvalidTableError, match=r"areas\.yaml, areas"):
        table("areas", "areas", industries.Industry)
    with pytest.raises(InvalidTableError, match=r"areas\.yaml, nothing"):
        table("areas", "nothing", Row)


def test_the_twenty_letters_share_out_the_ninety_seven_divisions() -> None:
    """GB/T 4754-2017 numbers its divisions through, without gaps."""
    ranges = [row.divisions for row in industries.sections().values()]

    numbers = [number for first, last in ranges for number in range(first, last + 1)]

    assert "".join(industries.sections()) == "ABCDEFGHIJKLMNOPQRST"
    assert numbers == list(range(1, 98))


@pytest.mark.parametrize(
    ("code", "letter", "row"),
    [
        ("C3435", "C", "C3435"),
        ("3435", "C", "C3435"),
        ("C3581", "C", "C358"),
        ("f5251", "F", "F525"),
        ("A0111", "A", "A"),
    ],
)
def test_an_industry_code_finds_its_nearest_row(code: str, letter: str, row: str) -> None:
    """Registries give codes with and without the letter, at any depth."""
    assert industries.section_of(code).code == letter
    assert industries.nearest(code).code == row


@pytest.mark.parametrize("code", ["", "U01", "9900", "00", "?", "²²"])
def test_an_impossible_industry_code_is_refused(code: str) -> None:
    """A default section would be an invented fact."""
    with pytest.raises(UnknownCodeError):
        industries.section_of(code)


def test_sectors_name_industries_we_know() -> None:
    """A typing slip in a pack must not empty a sector."""
    for row in industries.sector_names().values():
        assert set(row.industries) <= set(industries.industries())
    assert industries.sector_name(industries.Sector.PRICE).zh == "价格"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("有限责任公司(自然人独资)", "1151"),
        ("有限责任公司（自然人投资或控股的法人独资）", "1152"),
        ("有限责任公司(自然人投资或控股)", "1130"),
        ("有限责任公司(国有独资)", "1110"),
        ("有限责任公司分公司(自然人独资)", "2000"),
        ("有限责任公司 外商投资企业", "5000"),
        ("有限责任公司(外商投资企业投资)", "1100"),
        ("港、澳、台", "6000"),
        ("外国(地区)企业常驻代表机构", "7300"),
        ("集体分支机构(非法人)", "4300"),
        ("集体所有制", "3200"),
        ("个体", "9500"),
        ("农民专业合作社分支机构", "9200"),
        ("农民专业合作社联合社", "9100"),
        ("特殊普通合伙", "4533"),
        ("N/A", None),
        ("", None),
    ],
)
def test_a_registry_wording_becomes_a_type(text: str, code: str | None) -> None:
    """Registries write the type in words; what cannot be told stays open."""
    found = entity_types.type_of_text(text)

    assert (found.code if found else None) == code


def test_every_wording_rule_can_be_reached_by_the_types_own_name() -> None:
    """The table's own names must come back as themselves."""
    for row in entity_types.entity_types().values():
        assert entity_types.type_of_text(row.zh) == row


def test_families_tell_branches_from_what_they_belong_to() -> None:
    """A branch of a cooperative is drawn and counted as a branch."""
    assert entity_types.entity_type("9200").family is entity_types.Family.BRANCH
    assert entity_types.entity_type("9100").family is entity_types.Family.COOPERATIVE
    with pytest.raises(UnknownCodeError):
        entity_types.entity_type("9999")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("存续（在营、开业、在册）", entity_types.Status.ACTIVE),
        ("歇业", entity_types.Status.SUSPENDED),
        ("吊销，未注销", entity_types.Status.REVOKED),
        ("吊销，已注销", entity_types.Status.CANCELLED),
        ("迁出", entity_types.Status.MOVED_OUT),
        ("不详", None),
    ],
)
def test_a_registry_wording_becomes_a_status(text: str, status: entity_types.Status | None) -> None:
    """Revoked and then cancelled is gone; revoked only is not."""
    assert entity_types.status_of_text(text) == status


def test_a_suspended_entity_counts_but_is_not_visited() -> None:
    """歇业: it keeps class and duties, nobody knocks at a closed door. Cancelled: it leaves all counts."""
    suspended = entity_types.status_name(entity_types.Status.SUSPENDED)
    cancelled = entity_types.status_name(entity_types.Status.CANCELLED)

    assert (suspended.in_population, suspended.drawn_on_site) == (True, False)
    assert (cancelled.in_population, cancelled.drawn_on_site) == (False, False)


def test_grades_rise_and_the_two_light_ones_come_first() -> None:
    """从轻 and 减轻 can make a fine minor; 一般 and 从重 never do."""
    grades = list(penalties.severity_grades().values())

    assert [grade.order for grade in grades] == [1, 2, 3, 4]
    assert [grade.zh for grade in grades if grade.is_light] == ["减轻", "从轻"]
    assert penalties.severity_grade("heavier").zh == "从重"


def test_four_reasons_are_in_force_on_any_day_but_not_the_same_four() -> None:
    """The 2025 revision replaced false publicity by the unchanged name; history keeps the former."""
    before = {r.code for r in penalties.abnormal_listing_reasons().values() if r.in_force(date(2023, 9, 26))}
    after = {r.code for r in penalties.abnormal_listing_reasons().values() if r.in_force(date(2026, 1, 1))}

    assert before - after == {"false_publicity"}
    assert after - before == {"name_not_changed"}
    assert len(before) == len(after) == 4
    assert penalties.abnormal_listing_reason("false_publicity").valid_to == date(2025, 3, 18)


def test_serious_violations_come_in_the_seven_groups_of_the_order() -> None:
    """§5 to §11, each cited."""
    clauses = [row.clause for row in penalties.serious_violation_reasons().values()]

    assert clauses == [f"§{number}" for number in range(5, 12)]
    assert penalties.serious_violation_reason("food_safety").in_force(date(2021, 9, 1))
    assert not penalties.serious_violation_reason("food_safety").in_force(date(2021, 8, 31))


def test_penalties_that_last_say_so() -> None:
    """A restriction's end decides when its publicity can stop."""
    assert penalties.penalty_kind("business_suspension").has_period
    assert not penalties.penalty_kind("fine").has_period
    with pytest.raises(UnknownCodeError):
        penalties.penalty_kind("scolding")
