"""The figures of a review against slow, obvious counts and published examples."""

from itertools import product
from math import comb, exp, log, nan
from typing import Any

import numpy as np
import pytest
from classification_service.model.evidence import Evidence
from classification_service.model.figures import Estimate, Move
from classification_service.rules.reviewing.calibration import (
    Curve,
    calibration_of,
    chi_square_tail,
    distance_of,
    fitted,
)
from classification_service.rules.reviewing.capture import capacity_of, capture_of, hit_rate_of, lift_of
from classification_service.rules.reviewing.discrimination import auc, auc_of, ks
from classification_service.rules.reviewing.drift import migration_of, psi
from classification_service.rules.reviewing.fairness import fairness_of
from classification_service.rules.reviewing.ratios import is_beyond_chance, rate_ratio, weighted_rate, wilson
from classification_service.rules.reviewing.trend import (
    exact_chance,
    fisher_more,
    inversions,
    rising,
    trend_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

TABLES = st.lists(
    st.integers(0, 4).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=4, max_size=4
)
SCORED = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=4, max_size=60).filter(
    lambda rows: 2 <= sum(hit for _, hit in rows) <= len(rows) - 2
)


def evidence(rows: list[dict[str, Any]]) -> Evidence:
    """Evidence of visits that were drawn uniformly, valid and clean unless said otherwise."""
    usual = {
        "risk_class": "A",
        "score": nan,
        "probability": 0.5,
        "uniform": True,
        "valid": True,
        "problem": False,
    }
    full = [usual | row for row in rows]
    kinds = {
        "risk_class": object,
        "score": float,
        "probability": float,
        "uniform": bool,
        "valid": bool,
        "problem": bool,
    }
    labels = {
        name: np.array([row.get(name, "") for row in full], object)
        for name in ("ownership", "size", "area", "age", "industry", "item", "sector", "stratum", "model")
    }
    return Evidence(
        **{name: np.array([row[name] for row in full], kinds[name]) for name in usual},
        pending=np.zeros(len(full), bool),
        labels=labels,
    )


def visits(letter: str, problems: int, number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"risk_class": letter, "problem": place < problems, **more} for place in range(number)]


def test_the_trend_is_the_published_one() -> None:
    """A. Agresti, Categorical Data Analysis: malformation by drinking, equally spaced scores, M squared 1.83."""
    malformed, infants = [48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38]

    z = rising(malformed, infants)

    assert z**2 == pytest.approx(1.83, abs=0.005)


@settings(deadline=None)
@given(TABLES)
def test_the_exact_chance_is_that_of_all_ways_counted(table: list[tuple[int, int]]) -> None:
    """Each way to spread the problems over the visits, one by one."""
    problems, number = [row[0] for row in table], [row[1] for row in table]
    observed = sum(place * hits for place, hits in enumerate(problems))
    ways, steep = 0, 0
    for spread in product(*(range(of + 1) for of in number)):
        if sum(spread) == sum(problems):
            many = np.prod([comb(of, hits) for of, hits in zip(number, spread, strict=True)])
            ways += many
            steep += many * (sum(place * hits for place, hits in enumerate(spread)) >= observed)

    assert exact_chance(problems, number) == pytest.approx(steep / ways)


def test_a_broken_order_is_named() -> None:
    """B twice as often as C is no chance; one visit more is."""
    assert inversions([5, 40, 10, 30], [100, 100, 100, 100]) == ("B>C",)
    assert inversions([5, 11, 10, 30], [100, 100, 100, 100]) == ()
    assert fisher_more(3, 4, 1, 4) == pytest.approx(17 / 70)  # Fisher's lady tasting tea


def test_few_outcomes_have_no_trend() -> None:
    """Too few is said, not estimated."""
    trend = trend_of(evidence(visits("A", 0, 10) + visits("D", 5, 10)))

    assert (trend.n, trend.z, trend.p) == (20, None, None)


def test_small_classes_are_counted_exactly() -> None:
    """Three visits to D do not carry a normal approximation."""
    trend = trend_of(evidence(visits("A", 2, 60) + visits("B", 3, 30) + visits("D", 2, 3)))

    assert trend.exact
    assert trend.z is not None
    assert trend.z > 0
    assert trend.p == pytest.approx(exact_chance([2, 3, 0, 2], [60, 30, 0, 3]))


@settings(deadline=None)
@given(SCORED)
def test_the_area_is_the_share_of_pairs_in_order(rows: list[tuple[int, bool]]) -> None:
    """Every pair of a problem and a clean visit, ties half."""
    score, problem = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows])
    pairs = [(a > b) + (a == b) / 2 for a in score[problem] for b in score[~problem]]

    found = auc(score, problem)

    assert found.value == pytest.approx(np.mean(pairs))
    assert found.low <= found.value <= found.high


@settings(deadline=None)
@given(SCORED)
def test_the_distance_is_the_greatest_over_all_cuts(rows: list[tuple[int, bool]]) -> None:
    """Each score tried as a cut."""
    score, problem = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows])

    slow = max(abs((score[problem] <= cut).mean() - (score[~problem] <= cut).mean()) for cut in score)

    assert ks(score, problem) == pytest.approx(slow)


def test_the_interval_of_the_area_is_delongs() -> None:
    """By its definition: the variance of each visit's share of pairs in order."""
    random = np.random.default_rng(4)
    problem = random.random(80) < 0.4
    score = np.round(random.normal(problem * 1.0, 1), 1)
    wins = np.array([[(a > b) + (a == b) / 2 for b in score[~problem]] for a in score[problem]])
    variance = wins.mean(1).var(ddof=1) / problem.sum() + wins.mean(0).var(ddof=1) / (~problem).sum()

    found = auc(score, problem)

    assert found.high - found.value == pytest.approx(1.959964 * variance**0.5, rel=1e-6)


def test_visits_of_entities_without_a_score_are_not_counted_for_the_area() -> None:
    """Of 40 visits 5 had a score before: five are too few, not forty."""
    found = auc_of(evidence([*visits("B", 20, 35), *visits("B", 2, 5, score=300.0)]))

    assert (found.n, found.value) == (5, None)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0.01, 1)), min_size=30, max_size=80))
def test_a_weighted_rate_is_the_ratio_of_the_weights(rows: list[tuple[bool, float]]) -> None:
    """Hajek's estimator, summed by hand."""
    found = weighted_rate(evidence([{"problem": hit, "probability": odds} for hit, odds in rows]))

    assert found.value == pytest.approx(sum(hit / p for hit, p in rows) / sum(1 / p for _, p in rows))
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


def test_a_census_is_certain_and_a_small_sample_is_covered() -> None:
    """Who visits everybody knows the rate; of 400 samples some 95 in 100 intervals hold the truth."""
    certain = weighted_rate(evidence(visits("A", 10, 50, probability=1.0)))
    random = np.random.default_rng(7)
    worse = np.arange(3000) < 600
    problem = random.random(3000) < np.where(worse, 0.4, 0.05)
    odds, held = np.where(worse, 0.3, 0.05), 0
    for _ in range(400):
        taken = random.random(3000) < odds
        rows = [
            {"problem": hit, "probability": p} for hit, p in zip(problem[taken], odds[taken], strict=True)
        ]
        found = weighted_rate(evidence(rows))
        held += found.low <= problem.mean() <= found.high

    assert (certain.low, certain.value, certain.high) == (0.2, 0.2, 0.2)
    assert 0.92 <= held / 400 <= 0.98


def test_no_problem_found_is_no_certainty() -> None:
    """Forty clean visits to A of a thousand: the rate may be some per cent all the same."""
    found = weighted_rate(evidence(visits("A", 0, 40, probability=0.04)))

    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(wilson(0, 40)[1])


def test_capture_and_hit_rate_weigh_what_was_drawn() -> None:
    """D is drawn always, A one in ten: each problem of A stands for ten."""
    found = evidence(
        visits("A", 4, 40, probability=0.1) + visits("D", 20, 40, probability=1.0, uniform=False)
    )

    capture, hit = capture_of(found), hit_rate_of(found)

    assert capture.value is None  # 24 problems are too few
    assert hit.value == pytest.approx(0.5)
    more = evidence(visits("A", 8, 80, probability=0.1) + visits("D", 40, 80, probability=1.0, uniform=False))
    assert capture_of(more).value == pytest.approx(40 / (40 + 80))


def test_the_lift_has_katzs_interval() -> None:
    """Computed by the formula as published."""
    found = lift_of(evidence(visits("A", 10, 100) + visits("C", 30, 100)))

    spread = 1.959964 * (1 / 30 - 1 / 100 + 1 / 10 - 1 / 100) ** 0.5
    assert found.value == pytest.approx(3.0)
    assert (found.low, found.high) == pytest.approx((3 * exp(-spread), 3 * exp(spread)))
    assert rate_ratio(0, 100, 5, 100).value is None


@pytest.mark.parametrize(
    ("distance", "degrees", "p"), [(3.841, 1, 0.05), (18.307, 10, 0.05), (21.666, 9, 0.01)]
)
def test_the_tail_is_that_of_the_tables(distance: float, degrees: int, p: float) -> None:
    """Percentage points printed in every book of tables."""
    assert chi_square_tail(distance, degrees) == pytest.approx(p, abs=5e-5)


def test_the_curve_meets_its_own_likelihood_equations() -> None:
    """At the most likely curve expected and observed agree in number and in score."""
    random = np.random.default_rng(3)
    score = random.integers(0, 1000, 500).astype(float)
    problem = random.random(500) < 1 / (1 + np.exp(3 - score / 300))

    curve = fitted(score, problem)

    assert curve.rate(score).sum() == pytest.approx(problem.sum())
    assert (curve.rate(score) * score).sum() == pytest.approx((problem * score).sum())
    assert fitted(score, score > 500) is None


def test_a_curve_that_holds_is_doubted_as_seldom_as_said() -> None:
    """Both years are samples: taking the curve of the first for the truth would doubt it some three times too often."""
    random = np.random.default_rng(8)

    def p() -> float:
        scores = [random.integers(0, 1000, 400).astype(float) for _ in range(2)]
        first, second = ((each, random.random(400) < 1 / (1 + np.exp(3.2 - each / 400))) for each in scores)
        return chi_square_tail(*distance_of(fitted(*first), *second))

    doubted = np.array([p() for _ in range(1000)])

    assert (doubted < 0.05).mean() == pytest.approx(0.05, abs=0.025)
    assert (doubted < 0.01).mean() < 0.02


def test_bands_that_expect_next_to_nothing_are_pooled() -> None:
    """One problem where a tenth was expected is no proof."""
    score = np.concatenate([np.linspace(0, 300, 900), np.linspace(900, 1000, 100)])
    problem = np.zeros(1000, bool)
    problem[[3, *range(900, 990)]] = True

    _, degrees = distance_of(Curve(-7.0, 1.0, np.zeros((2, 2))), score, problem)

    assert degrees < 10


def test_a_calibration_that_held_is_told_from_one_that_broke() -> None:
    """The curve of last year, and rates that doubled."""
    random = np.random.default_rng(5)

    def year(level: float, seed: int) -> Evidence:
        scores = np.random.default_rng(seed).integers(0, 1000, 1500).astype(float)
        hits = random.random(1500) < 1 / (1 + np.exp(level - scores / 300))
        return evidence([{"score": s, "problem": bool(h)} for s, h in zip(scores, hits, strict=True)])

    held, broke = calibration_of(year(3, 1), year(3, 2)), calibration_of(year(2, 3), year(3, 2))

    assert held.p > 0.01 > broke.p
    assert sum(band.valid for band in held.bands) == 1500
    assert calibration_of(year(3, 1), evidence([])).p is None


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 30), st.integers(1, 90), min_size=3))
def test_the_same_distribution_has_not_moved(counts: dict[int, int]) -> None:
    """Zero for itself, never negative for another, whatever its size."""
    doubled = {score: 2 * entities for score, entities in counts.items()}
    moved = {score + 3: entities for score, entities in counts.items()}

    if sum(counts.values()) >= 30:
        assert psi(counts, counts) == pytest.approx(0)
        assert psi(counts, doubled) == pytest.approx(0, abs=0.2)
        assert psi(counts, moved) >= 0


def test_the_index_is_the_sum_over_tenths() -> None:
    """Ten scores of a hundred each; the lowest lost half of it to the highest."""
    before = dict.fromkeys(range(10), 100)
    after = {**before, 0: 50, 9: 150}

    index = psi(before, after)

    assert index == pytest.approx((0.05 - 0.1) * log(0.5) + (0.15 - 0.1) * log(1.5))


def test_a_migration_counts_who_stayed_among_those_known_at_both_moments() -> None:
    """Newcomers moved from nowhere."""
    moves = [Move("A", "A", 70), Move("A", "C", 10), Move("D", "A", 20), Move("", "B", 99)]

    found = migration_of((None, None), moves, ({"g@1": {1.0: 100}}, {"g@1": {1.0: 100}}))

    assert (found.stayed, found.verdict) == (0.7, "stable")


def test_scores_of_two_versions_are_not_compared() -> None:
    """A few whom the new version has not reached do not stand for the city."""
    before = {"g@1": {1.0: 100, 9.0: 100}, "i@1": {1.0: 100}}
    after = {"g@2": {5.0: 190}, "g@1": {9.0: 10}, "i@1": {1.0: 90}}

    found = migration_of((None, None), [], (before, after))

    assert [(each.code, each.before, each.after, each.verdict) for each in found.drifts] == [
        ("g", "g@1", "g@2", "version_changed"),
        ("i", "i@1", "i@1", "stable"),
    ]
    assert found.verdict == "stable"
    assert (
        migration_of((None, None), [], ({"g@1": {1.0: 99}}, {"g@2": {1.0: 99}})).verdict == "version_changed"
    )


def test_fairness_asks_both_sides() -> None:
    """Branches are as often in fault, and twice as often suspected for nothing."""
    rows = []
    for kind, wrongly in (("branch", 20), ("enterprise", 10)):
        rows += visits("D", 20, 20 + wrongly, ownership=kind) + visits("A", 0, 100 - wrongly, ownership=kind)

    branch = next(row for row in fairness_of(evidence(rows)) if row.group == "branch")

    assert branch.rate_ratio.value == pytest.approx(1.0)
    assert (branch.false_alarm_share.value, branch.false_alarm_ratio.value) == pytest.approx((0.2, 2.0))
    assert branch.false_alarm_ratio.low < 2 < branch.false_alarm_ratio.high


def test_one_group_in_forty_is_not_read_aloud_by_chance() -> None:
    """Forty groups at 95 % each would have two accused; a group that is far off still is."""
    chance_found = Estimate(400, 1.5, 1.5 / exp(0.36), 1.5 * exp(0.36))

    assert is_beyond_chance(chance_found, 1)
    assert not is_beyond_chance(chance_found, 40)
    assert is_beyond_chance(Estimate(400, 2.5, 2.5 / exp(0.36), 2.5 * exp(0.36)), 40)


def test_fewer_visits_to_a_save_and_cost() -> None:
    """900 of 1000 are A: a plan alike would give them 90 of 100 visits."""
    made = evidence(visits("A", 2, 40, probability=0.1) + visits("D", 30, 60, probability=0.6))

    found = capacity_of(made, {"A": 900, "D": 100})

    assert found.visits_saved == pytest.approx(50)
    assert found.problems_missed.value == pytest.approx(50 * 0.05)
    assert found.problems_found_instead == pytest.approx(50 * 0.5)
