"""An order of visits is measured as the obvious, slow count does."""

from itertools import product

import numpy as np
import pytest
from classification_service.model.judgement import Vector
from classification_service.rules.evaluating.ranking import (
    auc,
    auc_interval,
    calibration,
    first_half_share,
    gain,
    within_groups_auc,
)
from hypothesis import assume, given
from hypothesis import strategies as st

visits = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40)


def columns(rows: list[tuple[int, bool]]) -> tuple[Vector, Vector]:
    return np.array([score for score, _ in rows], float), np.array([found for _, found in rows], float)


@given(visits)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    """Ties count half."""
    won = [
        (high > low) + (high == low) / 2
        for (high, found), (low, other) in product(rows, rows)
        if found and not other
    ]
    assume(won)

    assert auc(*columns(rows)) == pytest.approx(sum(won) / len(won))


@given(visits, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_help(rows: list[tuple[int, bool]], random: object) -> None:
    """A file sorted by outcome must not look like a good ranking where scores tie."""
    assume(any(found for _, found in rows))
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert first_half_share(*columns(rows)) == pytest.approx(first_half_share(*columns(shuffled)))


def test_a_score_that_says_nothing_finds_half_in_the_first_half() -> None:
    assert first_half_share(np.zeros(5), np.array([1.0, 0, 0, 0, 1])) == pytest.approx(0.5)


def test_the_first_half_finds_what_lies_in_it() -> None:
    """Two of three problems are among the two visits made first."""
    assert first_half_share(np.array([4.0, 3, 2, 1]), np.array([1.0, 1, 0, 1])) == pytest.approx(2 / 3)


def test_all_visits_find_everything() -> None:
    made, caught = gain(np.array([1.0, 2, 3]), np.array([0.0, 2, 1]))

    assert (made[-1], caught[-1]) == (1.0, 1.0)


def test_pairs_of_two_inspectors_do_not_count_within() -> None:
    """One inspector finds all, the other nothing: between them the score is right, within them it says nothing."""
    scores, found = np.array([9.0, 9, 1, 1]), np.array([1.0, 0, 1, 0])

    assert within_groups_auc(scores, found, np.array([1, 1, 2, 2])) == pytest.approx(0.5)


def test_where_all_found_the_same_there_is_no_auc() -> None:
    assert np.isnan(auc(np.array([1.0, 2]), np.array([1.0, 1])))


def test_the_interval_holds_the_figure_and_is_the_same_each_time() -> None:
    generator = np.random.default_rng(5)
    found = (generator.random(400) < 0.3).astype(float)
    scores, days = found + generator.normal(0, 2, 400), np.repeat(np.arange(40), 10)

    first = auc_interval(scores, found, days, draws=50, seed=1)

    assert first[0] < auc(scores, found) < first[1]
    assert first == auc_interval(scores, found, days, draws=50, seed=1)


def test_calibration_goes_from_least_to_most_likely() -> None:
    points = calibration(np.array([0.9, 0.1, 0.2, 0.8]), np.array([1.0, 0, 0, 1]), 2)

    assert points == [(pytest.approx(0.15), 0.0), (pytest.approx(0.85), 1.0)]
