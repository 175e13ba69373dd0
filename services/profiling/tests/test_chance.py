"""Chances are exact, and false alarms are as rare as the packs say."""

import math
from datetime import date
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from profiling_service.model.entities import BLANK
from profiling_service.model.facts import FEATURES
from profiling_service.model.signals import SignalFamily
from profiling_service.rules import columns
from profiling_service.rules.aggregates import InEffect
from profiling_service.rules.causes import CAUSES, View
from profiling_service.rules.chance import upper_tail, wilson
from profiling_service.rules.peers import bound
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.suppressing import Sensing
from profiling_service.rules.windows import MINUTES, as_day

ENTITIES = 10_000
TODAY = as_day(date(2026, 6, 1))


@given(trials=st.integers(1, 60), share=st.floats(0.01, 0.99), data=st.data())
@hypothesis_settings(deadline=None)
def test_a_tail_is_the_sum_of_its_terms(trials: int, share: float, data: Any) -> None:
    """Small enough to add up term by term."""
    successes = data.draw(st.integers(0, trials))
    terms = [
        math.comb(trials, at) * share**at * (1 - share) ** (trials - at)
        for at in range(successes, trials + 1)
    ]

    assert upper_tail(successes, trials, share) == pytest.approx(math.fsum(terms), rel=1e-9)


def test_tails_of_great_and_of_tiny_numbers_are_finite_and_fall() -> None:
    """A wholesaler with a million complaints and a stall with one go through the same formula."""
    great = [upper_tail(count, 1_000_000, 1 / 13) for count in (76_923, 77_500, 80_000, 90_000)]

    assert 0.45 < great[0] < 0.55
    assert great == sorted(great, reverse=True)
    assert 0 <= great[-1] < 1e-300
    assert upper_tail(3, 3, 1 / 13) == pytest.approx(13.0**-3)
    assert upper_tail(1, 1, 1 / 13) == pytest.approx(1 / 13)


def test_the_wilson_interval_is_the_published_one() -> None:
    """Wilson's bounds for 15 of 20, and no division by nothing."""
    interval = wilson(15, 20)

    assert interval is not None
    assert [round(value, 4) for value in interval] == [0.75, 0.5313, 0.8881]
    assert wilson(0, 0) is None


def within_binomial_error(alarms: int, alpha: float) -> bool:
    """Not more than alpha allows, by three standard deviations of so many entities."""
    return alarms <= ENTITIES * alpha + 3 * math.sqrt(ENTITIES * alpha)


@pytest.mark.parametrize("per_year", [0.5, 4.0, 30.0, 300.0])
@pytest.mark.parametrize("code", ["complaints_unusual", "elevator_failures_unusual", "changes_unusual"])
def test_steady_rates_alarm_no_oftener_than_alpha(code: str, per_year: float, book: RuleBook) -> None:
    """Ten thousand entities whose rate never changes: whatever the rate, alpha bounds the false alarms."""
    family = next(family for family in book.families if family.code == code)
    days = family.rule.days + family.rule.history_days
    view = steady(family, per_year * days / 365, days)

    alarms = sum(1 for _ in CAUSES[family.rule.kind](family, view).begins())

    assert within_binomial_error(alarms, family.rule.alpha)


def test_a_burst_is_seen(book: RuleBook) -> None:
    """A rule that never alarms keeps any rate: ten times the rate must be found nearly always."""
    family = next(family for family in book.families if family.code == "complaints_unusual")
    view = steady(family, 12.0, 390, burst=12)

    found = sum(1 for _ in CAUSES[family.rule.kind](family, view).begins())

    assert found > 0.95 * ENTITIES


def steady(family: SignalFamily, mean: float, days: int, burst: int = 0) -> View:
    """Facts of ten thousand entities, each with a Poisson number of them, uniform over the days that are looked at."""
    chance = np.random.default_rng(20260601)
    counts = chance.poisson(mean, ENTITIES) + burst
    table = np.zeros(counts.sum(), FEATURES)
    table["type"], table["flags"] = family.rule.of[0].type, family.rule.of[0].flags
    table["minute"] = (TODAY + 1) * MINUTES - 1 - chance.integers(0, days * MINUTES, len(table))
    if burst:
        ends = np.cumsum(counts)
        last = np.concatenate([np.arange(end - burst, end) for end in ends])
        table["minute"][last] = TODAY * MINUTES
    packed = np.split(table, np.cumsum(counts)[:-1])
    facts = columns.columns([rows.tobytes() for rows in packed])
    everything = np.ones(len(facts), bool)
    return View(
        [BLANK] * ENTITIES,
        InEffect(facts, everything, TODAY),
        np.zeros((ENTITIES, 200), np.float32),
        np.ones(ENTITIES, np.int16),
        everything,
        calendar=False,
    )


@pytest.mark.parametrize("mean", [0.2, 3.0, 40.0])
@pytest.mark.parametrize("code", ["complaints_above_peers", "problems_above_peers"])
def test_peers_alike_alarm_no_oftener_than_alpha(code: str, mean: float, book: RuleBook) -> None:
    """Fifty groups of two hundred: each entity is held against a bound that it and its peers made together."""
    family = next(family for family in book.families if family.code == code)
    chance = np.random.default_rng(7)
    values = chance.poisson(mean, ENTITIES).astype(np.float32)
    groups = np.repeat(np.arange(ENTITIES // family.rule.peers), family.rule.peers)
    bounds = {}
    for group in np.unique(groups):
        theirs = values[groups == group]
        found = bound(theirs[theirs != 0], int((theirs == 0).sum()), family.rule.alpha)
        assert found is not None
        bounds[code, "H", str(group)] = found

    alarms = _alarms(family, values, [str(group) for group in groups], Sensing((), bounds))

    assert within_binomial_error(alarms, family.rule.alpha)


def test_a_heavy_tail_alarms_no_oftener_than_alpha(book: RuleBook) -> None:
    """The bound is one of order, not of a distribution: a few giants in every group change nothing."""
    family = next(family for family in book.families if family.code == "complaints_above_peers")
    chance = np.random.default_rng(11)
    alarms = 0
    for _ in range(ENTITIES // family.rule.peers):
        peers = np.floor(chance.pareto(1.2, family.rule.peers) * 8).astype(np.float32)
        found = bound(peers, 0, family.rule.alpha)
        assert found is not None
        alarms += int((peers > found).sum())

    assert 0 < alarms <= ENTITIES * family.rule.alpha


def _alarms(family: SignalFamily, values: Any, areas: list[str], sensing: Sensing) -> int:
    facts = columns.columns([b""] * ENTITIES)
    matrix = np.zeros((ENTITIES, 200), np.float32)
    matrix[:, family.rule.reaches[0].position] = values
    entities = [msgspec.structs.replace(BLANK, industry="H62", area_code=area) for area in areas]
    empty = np.zeros(0, bool)
    view = View(
        entities,
        InEffect(facts, empty, TODAY),
        matrix,
        np.ones(ENTITIES, np.int16),
        empty,
        False,
        (),
        sensing,
    )
    return sum(1 for _ in CAUSES[family.rule.kind](family, view).begins())


def test_a_group_too_small_for_its_alpha_has_no_bound() -> None:
    """Of fifty nobody can be told to be one in two hundred."""
    assert bound(np.arange(1, 51, dtype=np.float32), 0, 0.005) is None
    assert bound(np.arange(1, 200, dtype=np.float32), 0, 0.005) is None
    assert bound(np.arange(1, 201, dtype=np.float32), 0, 0.005) == 199
    assert bound(np.array([np.nan], np.float32), 0, 0.005) is None
    assert bound(np.array([-1.0, 5.0], np.float32), 998, 0.005) == 0
