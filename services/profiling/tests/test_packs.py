"""Rule data says what the contract says, and nonsense is refused at start."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from contracts.ingestion.v1_pb2 import FactAccepted
from profiling_service import settings
from profiling_service.errors import InvalidPack
from profiling_service.model.catalogue import Dimension
from profiling_service.model.facts import FactType
from profiling_service.model.signals import RuleKind
from profiling_service.rules import packs
from profiling_service.rules.profiles import RuleBook
from vocabulary.industries import Sector

PACKS = Path(settings.__file__).parent / "packs"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


FIRST = [
    "base.age_years",
    "base.capital_wan",
    "base.is_branch",
    "base.is_individual",
    "dynamic.changes_12m",
    "dynamic.legal_person_changes_12m",
    "dynamic.address_changes_12m",
    "dynamic.annual_reports_missed_36m",
    "dynamic.annual_reports_late_36m",
    "dynamic.suspended_now",
    "regulatory.penalties_12m",
    "regulatory.penalties_36m",
    "regulatory.penalty_amount_36m",
    "regulatory.heavy_penalties_36m",
    "regulatory.abnormal_listed_now",
    "regulatory.serious_listed_now",
    "regulatory.inspections_with_problems_24m",
    "regulatory.inspections_clean_24m",
    "regulatory.revoked_now",
    "relation.entities_of_person",
    "relation.entities_at_address",
    "social.complaints_90d",
    "social.complaints_12m",
    "social.complaints_upheld_12m",
]


def test_places_of_an_earlier_catalogue_are_kept(book: RuleBook) -> None:
    """Everybody downstream reads values by place, and old decisions are read for ever."""
    codes = [indicator.code for indicator in book.catalogue.indicators]

    assert codes[: len(FIRST)] == FIRST


def test_the_general_catalogue_has_the_published_shape(book: RuleBook) -> None:
    """国市监信发〔2022〕6号: five dimensions, 25 groups, 81 items; ours are a reconstruction of at least as many."""
    general = [row for row in book.catalogue.indicators if row.dimension != Dimension.SECTOR]

    assert len(general) >= 81
    assert len({row.group.code for row in general}) == 25
    assert len({row.dimension for row in general}) == 5


def test_every_sector_of_the_article_has_indicators(book: RuleBook) -> None:
    """通用+行业: what only a sector's inspectors know to ask."""
    groups = {row.group.code for row in book.catalogue.indicators if row.dimension == Dimension.SECTOR}

    assert groups == set(Sector)


def test_forms_ask_for_members_that_the_contract_has(book: RuleBook) -> None:
    """A misspelt member would stop the stage at the first such fact."""
    types = {
        field.name: field.message_type for field in FactAccepted.DESCRIPTOR.oneofs_by_name["data"].fields
    }

    assert {FactType(kind).code for kind in book.forms} - {"record_stopped"} == set(types)
    for kind, form in book.forms.items():
        if kind != FactType.RECORD_STOPPED:
            asked = {condition.member for condition in form.conditions} | {*form.members, form.refers_to}
            asked |= {form.group} - {"own", "reference"}
            assert asked - {""} <= set(types[FactType(kind).code].fields_by_name), FactType(kind).code


def test_a_move_over_the_border_has_the_flags_that_the_status_asks_for(book: RuleBook) -> None:
    """The status of an entity is decided by two bits of one form."""
    assert book.forms[FactType.REGISTRATION_MOVED].flags == {"out": 1, "in": 2}


def test_every_rule_says_where_it_comes_from(book: RuleBook) -> None:
    """What we chose ourselves must say so."""
    for row in (*book.catalogue.indicators, *book.families):
        assert row.ground
        assert row.confidence


@pytest.mark.parametrize(
    "change",
    [
        {"aggregate": "guess"},
        {"window": "12 months"},
        {"of": ["rumour"]},
        {"of": ["penalty_imposed.ugly"]},
        {"unit": "stone"},
        {"where": "ugly"},
        {"group": "complaints"},
        {"aggregate": "capital_wan"},
        {"aggregate": "share"},
        {"aggregate": "lapsed"},
        {"overdue": True},
        {"missing": "optimistic"},
        {"code": "social.penalties_12m"},
        {"code": "regulatory.penalties_36m"},
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(change: dict[str, Any], book: RuleBook) -> None:
    """A wrong indicator is found when the service starts, not when a firm is judged."""
    documents = [read(path) for path in sorted((PACKS / "indicators").iterdir())]
    documents[2]["indicators"][0] |= change

    with pytest.raises(InvalidPack):
        packs.catalogue(read(PACKS / "positions.yaml"), documents, book.forms)


@pytest.mark.parametrize(
    "change",
    [
        {"ends": ["rumour"]},
        {"ends": ["penalty_imposed"], "unnamed": "some"},
        {"ends": ["penalty_imposed"]},
        {"value": {"guess": "fine_fen"}},
        {"lasts": "until"},
        {"group": "reference"},
        {"flags": {f"flag_{number}": [{"severity": ["heavier"]}] for number in range(17)}},
        {"colour": "red"},
    ],
)
def test_a_form_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    """The same for how facts are read and what they end."""
    document = read(PACKS / "facts.yaml")
    document["forms"]["interview_held"] |= change

    with pytest.raises(InvalidPack):
        packs.forms(document)


def test_what_ends_others_is_ended_by_nothing() -> None:
    """Else what counts would depend on the order in which endings are looked at."""
    document = read(PACKS / "facts.yaml")
    document["forms"]["penalty_annulled"] |= {"ends": ["penalty_imposed", "record_stopped"]}

    with pytest.raises(InvalidPack, match="record_stopped"):
        packs.forms(document)


@pytest.mark.parametrize(
    ("pack", "at", "change"),
    [
        ("3-enforcement", 0, {"severity": "mild"}),
        ("3-enforcement", 0, {"suggested_step": "shout"}),
        ("3-enforcement", 0, {"due": "season_end"}),
        ("3-enforcement", 0, {"colour": "red"}),
        ("3-enforcement", 0, {"target_precision": 1.0}),
        ("3-enforcement", 0, {"sector": "space"}),
        ("3-enforcement", 0, {"rule": {"kind": "fact_in_effect"}}),
        ("3-enforcement", 0, {"rule": {"kind": "fact_in_effect", "of": ["penalty_imposed"], "alpha": 0.1}}),
        ("1-register", 1, {"rule": {"kind": "reached"}}),
        ("4-society", 1, {"rule": {"kind": "rising", "of": ["complaint_received"], "days": 9}}),
    ],
)
def test_a_signal_family_that_contradicts_itself_is_refused(
    pack: str, at: int, change: dict[str, Any], book: RuleBook
) -> None:
    """The same for warnings."""
    document = read(PACKS / "signals" / f"{pack}.yaml")
    document["families"][at] |= change

    with pytest.raises(InvalidPack):
        packs.signal_families([document], book.catalogue, book.forms)


@pytest.mark.parametrize(
    ("pack", "at", "change"),
    [
        ("4-society", 1, {"alpha": 0.2}),
        ("4-society", 1, {"history_days": 10}),
        ("4-society", 2, {"peers": 100}),
        ("4-society", 2, {"reaches": [{"indicator": "social.complaints_12m", "at_most": 3}]}),
        ("7-conflicts", 0, {"against": []}),
        ("7-conflicts", 0, {"against": ["registration_cancelled"]}),
    ],
)
def test_a_false_alarm_rate_that_cannot_be_kept_is_refused(
    pack: str, at: int, change: dict[str, Any], book: RuleBook
) -> None:
    """One in two hundred cannot be told from a hundred peers."""
    document = read(PACKS / "signals" / f"{pack}.yaml")
    document["families"][at]["rule"] |= change

    with pytest.raises(InvalidPack):
        packs.signal_families([document], book.catalogue, book.forms)


def test_the_families_are_more_than_any_city_has_published(book: RuleBook) -> None:
    """云南 names 21 warning modules; every kind of rule and every sector of ours is used."""
    assert len(book.families) >= 24
    assert {family.rule.kind for family in book.families} == set(RuleKind)
    assert {family.sector for family in book.families} == {None, *Sector}
    assert {family.suggested_step for family in book.families} == {
        "remind",
        "interview",
        "order_correction",
        "inspect",
    }


def test_enterprises_and_platforms_hear_of_few_families_only(book: RuleBook) -> None:
    """Notification turns exactly these into letters and clues; the others are for staff."""
    assert {family.code for family in book.families if family.notifies} == {
        "annual_report_due",
        "complaints_rising",
        "listed",
        "penalty_imposed",
    }
