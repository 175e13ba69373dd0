"""Discovery rates are counted as they are defined."""

import pytest
from classification_service.model.review import Tally
from classification_service.rules.reviewing.discovery import discovery_rate
from classification_service.rules.reviewing.ratios import wilson


@pytest.mark.parametrize(
    ("problems", "valid", "low", "high"),
    [(10, 100, 0.05523, 0.17437), (0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (1, 1, 0.20655, 1.0)],
)
def test_wilsons_interval_is_the_published_one(problems: int, valid: int, low: float, high: float) -> None:
    """Worked values of the score interval without continuity correction."""
    interval = wilson(problems, valid)

    assert interval == pytest.approx((low, high), abs=1e-5)


def test_the_weighted_rate_undoes_unequal_chances_of_being_drawn() -> None:
    """D is drawn twenty times as often as A: the raw rate would speak of D only."""
    tally = Tally("", results=110, valid=100, problems=50, weighted_valid=1000.0, weighted_problems=100.0)

    rate = discovery_rate(tally)

    assert (rate.rate, rate.weighted_rate) == (0.5, 0.1)


def test_a_group_without_a_valid_inspection_has_no_rate() -> None:
    """None found among none looked at is not a clean record."""
    rate = discovery_rate(Tally("A", 3, 0, 0, 0.0, 0.0))

    assert (rate.results, rate.rate, rate.low, rate.weighted_rate) == (3, None, None, None)
