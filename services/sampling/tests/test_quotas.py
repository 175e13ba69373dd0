"""Quotas are exact, entries are true: the arithmetic of the draw."""

from collections import Counter
from decimal import Decimal

import honestdraw
import pytest
from honestdraw import Population, Winners
from hypothesis import given
from hypothesis import strategies as st
from memory import uscc
from sampling_service.model.members import BY_LAW, RESTRAINED
from sampling_service.rules import draw as rules
from sampling_service.store.packs import shipped

PLAN = shipped().plans["plan-2026"]

populations = st.lists(
    st.sampled_from([0, 1, 2, 3, 4, 3 | RESTRAINED, 4 | RESTRAINED, 2 | BY_LAW, 4 | BY_LAW]),
    min_size=1,
    max_size=300,
)


def _population(codes: list[int]) -> Population:
    return Population("".join(uscc(number) for number in range(len(codes))).encode(), bytes(codes))


def _winners(population: Population, randomness: bytes = bytes(32)) -> tuple[honestdraw.Terms, Winners]:
    terms = rules.terms({}, population, {}, PLAN)
    return terms, honestdraw.draw(population, terms, randomness)


@given(populations)
def test_quotas_are_exact_and_no_stratum_is_exempt(codes: list[int]) -> None:
    """不免抽: every stratum with members gives at least one; none gives fewer than its ratio."""
    population = _population(codes)

    terms, winners = _winners(population)

    assert sum(quota.population for quota in terms.quotas) == len(codes)
    assert terms.uniform_take >= Decimal("0.03") * len(codes)
    for quota in terms.quotas:
        exact = PLAN.ratios[quota.stratum] * quota.population
        assert exact <= quota.take < exact + 1
        assert len(winners.by_stratum[quota.stratum]) == quota.take >= 1


@given(populations)
def test_each_drawn_entity_has_one_entry_with_its_class_and_a_true_probability(codes: list[int]) -> None:
    """The review divides by these probabilities."""
    population = _population(codes)
    terms, winners = _winners(population)

    entries = rules.entries(population, terms, winners)

    assert [entry.uscc for entry in entries] == [population.key(position) for position in winners.all()]
    counts = Counter(entry.stratum for entry in entries)
    assert counts[rules.UNIFORM] == terms.uniform_take
    assert all(0 < entry.probability <= 1 for entry in entries)
    uniform = terms.uniform_take / len(codes)
    for entry in entries:
        quota = next((q for q in terms.quotas if q.stratum == entry.stratum), None)
        expected = uniform if quota is None else quota.take / quota.population * (1 - uniform)
        assert entry.probability == pytest.approx(expected)


def test_probabilities_are_those_of_a_thousand_draws() -> None:
    """1/probability weights of each lot must add up to the whole population, on average."""
    population = _population([1] * 40 + [3] * 10)
    weights: Counter[str] = Counter()

    for seed in range(1000):
        terms, winners = _winners(population, seed.to_bytes(32))
        for entry in rules.entries(population, terms, winners):
            weights[entry.stratum] += 1 / entry.probability / 1000

    assert weights[rules.UNIFORM] == pytest.approx(50)
    assert weights["class:A"] == pytest.approx(40, rel=0.1)
    assert weights["class:C"] == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize(
    ("code", "stratum"),
    [
        (0, "unclassified"),
        (3, "class:C"),
        (3 | RESTRAINED, "class:B"),
        (1 | RESTRAINED, "class:A"),
        (2 | BY_LAW, "key"),
        (4 | BY_LAW | RESTRAINED, "key"),
    ],
)
def test_strata_heed_law_and_observation(code: int, stratum: str) -> None:
    """Law before score; a newcomer's thin record lifts nobody's ratio."""
    assert rules.stratum_of(code, PLAN) == stratum
