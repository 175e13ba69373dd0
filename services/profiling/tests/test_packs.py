"""Rule data says what the contract says, and nonsense is refused at start."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from profiling_service import settings
from profiling_service.errors import InvalidPack
from profiling_service.rules import packs
from profiling_service.rules.profiles import RuleBook

PACKS = Path(settings.__file__).parent / "packs"
ARCHITECTURE = Path(__file__).parents[3] / "docs" / "architecture.md"


def test_the_catalogue_has_the_contracts_codes_in_its_order(book: RuleBook) -> None:
    """Everybody downstream reads values by position."""
    rows = [
        line.split("|")
        for line in ARCHITECTURE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    contract = [row[2].strip().strip("`") for row in rows if row[1].strip().isdigit()]

    assert [indicator.code for indicator in book.catalogue.indicators] == contract


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
        {"facts": ["rumour"]},
        {"unit": "stone"},
        {"where": "ugly"},
        {"dimension": "social"},
        {"aggregate": "capital_wan"},
        {"missing": "optimistic"},
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    """A wrong indicator is found when the service starts, not when a firm is judged."""
    document = yaml.safe_load((PACKS / "catalogue.yaml").read_text(encoding="utf-8"))
    document["indicators"][10] |= change

    with pytest.raises(InvalidPack):
        packs.catalogue(document)


@pytest.mark.parametrize("change", [{"severities": ["terrible"]}, {"light_kinds": ["fine", "flogging"]}])
def test_a_heavy_penalty_is_told_in_codes_of_the_vocabulary(change: dict[str, Any]) -> None:
    """A code that no penalty carries would make the rule silently idle."""
    document = yaml.safe_load((PACKS / "catalogue.yaml").read_text(encoding="utf-8"))
    document["heavy_penalty"] |= change

    with pytest.raises(InvalidPack):
        packs.catalogue(document)


@pytest.mark.parametrize("change", [{"severity": "mild"}, {"suggested_step": "shout"}, {"due": "season_end"}])
def test_a_signal_family_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    """The same for warnings."""
    document = yaml.safe_load((PACKS / "signals.yaml").read_text(encoding="utf-8"))
    document["families"][1] |= change

    with pytest.raises(InvalidPack):
        packs.signal_families(document)
