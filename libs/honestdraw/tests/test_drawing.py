"""The draw itself: exact, without repetition, the same for everybody, open to nobody's choice."""

from collections import Counter

import pytest
from a_draw import SEALING_KEY, SECRET, drawn_of, population_of, terms_of
from honestdraw import Population, commit, draw, randomness_of
from honestdraw.lots import tickets, winners
from hypothesis import given
from hypothesis import strategies as st

RANDOMNESS = bytes(32)


@given(st.integers(1, 3000), st.data())
def test_a_lot_takes_exactly_what_it_should_and_nobody_twice(count: int, data: st.DataObject) -> None:
    """Ratios are promised in a plan; one too few is a broken promise."""
    take = data.draw(st.integers(0, count))

    won = winners(RANDOMNESS, "uniform", count, take)

    assert len(won) == take
    assert sorted(set(won)) == won
    assert all(0 <= position < count for position in won)


@given(st.integers(1, 500), st.data())
def test_the_lowest_tickets_win(count: int, data: st.DataObject) -> None:
    """The short way to the winners must give what sorting everybody gives."""
    take = data.draw(st.integers(0, count))
    issued = tickets(RANDOMNESS, "lot", count)

    won = winners(RANDOMNESS, "lot", count, take)

    assert won == sorted(sorted(range(count), key=lambda position: (issued[position], position))[:take])


def test_taking_more_than_there_are_is_refused() -> None:
    """A quota above the stratum is a mistake of the plan, not a full draw."""
    with pytest.raises(ValueError, match="cannot take"):
        winners(RANDOMNESS, "lot", 3, 4)


def test_every_position_wins_about_equally_often() -> None:
    """Inclusion probabilities are recorded as k/n; they must be true."""
    wins = Counter(
        position for seed in range(2000) for position in winners(seed.to_bytes(32), "uniform", 20, 5)
    )

    assert all(400 < wins[position] < 600 for position in range(20))


def test_lots_are_independent_of_each_other() -> None:
    """The control group must not depend on who was targeted."""
    assert winners(RANDOMNESS, "uniform", 1000, 30) != winners(RANDOMNESS, "stratum class:A", 1000, 30)


@given(st.text(max_size=40), st.text(max_size=40))
def test_another_seed_is_other_randomness(one: str, other: str) -> None:
    """Whoever brings the seed decides, and nobody else."""
    first = randomness_of(SECRET, one, "00" * 32)

    second = randomness_of(SECRET, other, "00" * 32)

    assert (first == second) == (one == other)


def test_each_stratum_gives_its_quota() -> None:
    """Exact ratios by class, the uniform lot beside them."""
    drawn = drawn_of(population_of(2000))

    assert len(drawn.winners.uniform) == drawn.terms.uniform_take
    for quota in drawn.terms.quotas:
        won = drawn.winners.by_stratum[quota.stratum]
        assert len(won) == quota.take
        assert all(drawn.population.codes[position] in quota.codes for position in won)


def test_the_same_population_seed_and_secret_give_the_same_winners() -> None:
    """Replayable: the audit draws again."""
    population = population_of(500)
    terms = terms_of(population)

    assert draw(population, terms, RANDOMNESS) == draw(population, terms, RANDOMNESS)


def test_a_population_out_of_order_or_with_someone_twice_is_refused() -> None:
    """Order is what makes the draw independent of how rows were read; twice in would be twice the chance."""
    population = population_of(3)
    first, rest = population.keys[:18], population.keys[18:]
    for keys in (rest + first, first + first + rest[:18]):
        with pytest.raises(ValueError, match="ascending"):
            commit(Population(keys, population.codes), terms_of(population), SECRET, SEALING_KEY)


def test_an_empty_population_cannot_be_committed_to() -> None:
    """There is nothing to draw."""
    empty = Population(b"", b"")
    with pytest.raises(ValueError, match="at least one"):
        commit(empty, terms_of(population_of(10)), SECRET, SEALING_KEY)


def test_the_commitment_changes_with_any_class() -> None:
    """Nobody can move an entity to another stratum once the seed is known."""
    population = population_of(100)
    other = Population(population.keys, bytes([population.codes[0] ^ 1]) + population.codes[1:])
    terms = terms_of(population)

    commitments = [commit(each, terms, SECRET, SEALING_KEY) for each in (population, other)]

    assert commitments[0].digest != commitments[1].digest
